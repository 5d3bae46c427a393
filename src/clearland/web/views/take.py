"""Taking records out: a file of one kind for an audience, and the form to collect more of them."""

from pathlib import Path
from tempfile import TemporaryDirectory

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from clearland.dictionary.envelope import AUDIENCES, classes_for
from clearland.exchange.forms import write_xlsform, xlsform
from clearland.exchange.writers.formats import WRITERS
from clearland.web import labels
from clearland.web.access import reading
from clearland.work.exporting import export_kind

FORMATS = {"gpkg": "GeoPackage", "parquet": "GeoParquet", "geojson": "GeoJSON", "kml": "KML", "xlsx": "XLSX", "csv": "CSV"}


def page(request: HttpRequest) -> HttpResponse:
    """Which kind, which format, for whom; and the forms."""
    read = reading(request)
    kinds = sorted(((kind.name, labels.kind_label(kind, many=True)) for kind in read.words.layers()), key=lambda pair: pair[1])
    audiences = [(name, name.upper()) for name in AUDIENCES if classes_for(name) <= read.scope.classes]
    context = {"title": _("Take records out"), "kinds": kinds, "formats": FORMATS.items(), "audiences": audiences}
    return render(request, "clearland/take.html", context)


def export(request: HttpRequest) -> FileResponse:
    """The file: `?kind=&format=&audience=&unverified=`, as known on the date in the header."""
    read = reading(request)
    kind, suffix = request.GET.get("kind", ""), request.GET.get("format", "")
    if kind not in read.words.kinds or not read.words.kinds[kind].layer or suffix not in WRITERS:
        raise Http404
    audience = request.GET.get("audience", "")
    with TemporaryDirectory() as folder:
        target = Path(folder) / f"{kind}-{audience}.{suffix}"
        made = export_kind(
            kind, target, actor=read.actor, audience=audience, as_known=read.known, unverified="unverified" in request.GET
        )
        # Open still, the file outlives its name and folder.
        return FileResponse(target.open("rb"), as_attachment=True, filename=f"{kind}-{audience}-{made.as_known}.{suffix}")


def form(request: HttpRequest, kind: str) -> FileResponse:
    """The XLSForm of a kind."""
    read = reading(request)
    if kind not in read.words.kinds or not read.words.kinds[kind].layer:
        raise Http404
    with TemporaryDirectory() as folder:
        target = Path(folder) / f"{kind}.xlsx"
        write_xlsform(xlsform(read.words, read.words.kind(kind)), target)
        return FileResponse(target.open("rb"), as_attachment=True, filename=f"{kind}-form.xlsx")
