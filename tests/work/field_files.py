"""The example files of `examples/field`, made anew: all of it invented, on open ocean, each time the same bytes.

    python -m tests.work.field_files examples/field
"""

import io
import json
import sys
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import xlsxwriter

from tests.intake.test_photos import photo

_MOMENT = (2024, 3, 1, 9, 15, 0)
_SQUARE = "-30.2100,-20.1200,0 -30.2060,-20.1200,0 -30.2060,-20.1160,0 -30.2100,-20.1160,0 -30.2100,-20.1200,0"
_KML = f"""<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>SYNTHETIC areas of team 1</name>
<Placemark><name>SYNTHETIC-T1-A</name><Polygon><outerBoundaryIs><LinearRing><coordinates>{_SQUARE}</coordinates></LinearRing>
</outerBoundaryIs></Polygon></Placemark></Document></kml>
"""
_GPX = """<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="SYNTHETIC receiver" xmlns="http://www.topografix.com/GPX/1/1">
<wpt lat="-20.1175" lon="-30.2081"><ele>12.5</ele><time>2024-03-01T09:15:00Z</time><name>SYNTHETIC-W1</name></wpt>
<wpt lat="-20.1181" lon="-30.2073"><ele>13.0</ele><time>2024-03-01T10:05:00Z</time><name>SYNTHETIC-W2</name></wpt>
</gpx>
"""
_ROWS = (
    ("Number", "Team", "Month", "Cleared (ha)", "AP mines", "UXO", "Remarks"),
    ("SYNTHETIC-D1", "Team 1", date(2024, 3, 1), 0.42, 2, 1, "SYNTHETIC"),
    ("SYNTHETIC-D2", "Team 2", date(2024, 3, 1), 0.31, 0, 3, "SYNTHETIC"),
)
_SUBMISSIONS = {
    "@odata.context": "https://central.example.org/v1/projects/3/forms/clearland_hazard.svc/$metadata#Submissions",
    "value": [{
        "__id": "uuid:00000000-0000-4000-8000-000000000001",
        "__system": {"submissionDate": "2024-03-01T12:00:00Z", "reviewState": "approved", "edits": 0},
        "local_id": "SYNTHETIC-F1", "area_type": "SHA", "contamination": "AP UXO",
        "geometry": {"type": "Polygon", "coordinates": [[
            [-30.2, -20.11], [-30.196, -20.11], [-30.196, -20.106], [-30.2, -20.106], [-30.2, -20.11],
        ]]},
    }],
}  # fmt: skip


def made(folder: Path) -> None:
    """Write all of them."""
    (folder / "areas.kml").write_text(_KML, encoding="utf-8")
    (folder / "waypoints.gpx").write_text(_GPX, encoding="utf-8")
    (folder / "submissions.json").write_text(json.dumps(_SUBMISSIONS, indent=1) + "\n", encoding="utf-8")
    (folder / "areas.kmz").write_bytes(_zip({"doc.kml": _KML.encode()}))
    (folder / "photos.zip").write_bytes(_zip({"SYNTHETIC-P1.jpg": photo(), "SYNTHETIC-P2.jpg": photo(south=False)}))
    with xlsxwriter.Workbook(str(folder / "daily-report.xlsx"), {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2024, 3, 1, tzinfo=UTC), "title": "SYNTHETIC daily report"})
        sheet, day = book.add_worksheet("March"), book.add_format({"num_format": "yyyy-mm-dd"})
        for line, row in enumerate(_ROWS):
            for position, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(line, position, cell, day)
                else:
                    sheet.write(line, position, cell)


def _zip(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, _MOMENT), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


if __name__ == "__main__":
    made(Path(sys.argv[1]))
