"""Run by Debian's Python, which QGIS is made for: opens, reads to the last feature and draws the layers of a file.

    /usr/bin/python3 qgis_reads.py FILE LAYER...

Prints `{"version", "layers": {name: [valid, features, fields]}, "errors", "colours"}`, colours being those of the picture.
"""

import json
import os
import sys

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from qgis.core import Qgis, QgsApplication, QgsMapRendererParallelJob, QgsMapSettings, QgsVectorLayer  # type: ignore[import-not-found]
from qgis.PyQt.QtCore import QSize  # type: ignore[import-not-found]

WIDTH, HEIGHT = 400, 300


def main(file: str, names: list[str]) -> None:
    """One line of JSON on standard output."""
    application = QgsApplication([], False)  # kept: QGIS goes when it goes
    application.initQgis()
    layers, drawn = {}, []
    for name in names:
        layer = QgsVectorLayer(f"{file}|layername={name}", name, "ogr")
        layers[name] = [layer.isValid(), sum(1 for _ in layer.getFeatures()), len(layer.fields())]
        if layer.isSpatial() and layer.featureCount():
            drawn.append(layer)
    settings = QgsMapSettings()
    settings.setLayers(drawn)
    settings.setOutputSize(QSize(WIDTH, HEIGHT))
    settings.setExtent(settings.fullExtent())
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    picture = job.renderedImage()
    colours = {picture.pixel(x, y) for x in range(0, WIDTH, 2) for y in range(0, HEIGHT, 2)}
    said = {"version": Qgis.QGIS_VERSION, "layers": layers, "errors": len(job.errors()), "colours": len(colours)}
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()
    os._exit(0)  # QGIS without a window may fall over its own threads on the way out


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
