"""Submissions of our forms from ODK Central and KoboToolbox, by recorded answers of a server on this machine."""

import copy
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from clearland.core.errors import ClearlandError, RefusedInput
from clearland.ledger.rows import history, rows, sources
from clearland.ledger.scope import scope, system_actor
from clearland.work.add import AddOptions, add_file
from clearland.work.collecting import Server, collect
from tests.conftest import TestProgramme

ACTOR = system_actor("import")
FORM = "clearland_hazard"
PHOTO = b"\xff\xd8\xff\xe0 a photograph"
OUTLINE = [[-30, -20, 5.0], [-30, -19.99, 5.0], [-29.99, -19.99, 5.0], [-30, -20, 5.0]]
BASE = f"/v1/projects/3/forms/{FORM}.svc/Submissions?%24expand=*&%24top=500"


def central(number: int, **changes: Any) -> dict[str, Any]:
    """A submission as Central's OData gives it."""
    review = changes.pop("review", None)
    return {
        "__id": f"uuid:{number:04}",
        "__system": {"submissionDate": f"2024-03-0{number}T08:00:00Z", "reviewState": review, "edits": 0,
                     "submitterName": "Team 1", "attachmentsPresent": int(number == 1)},
        "meta": {"instanceID": f"uuid:{number:04}", "instanceName": f"SYN-{number}"},
        "clearland_started": f"2024-03-0{number}T07:00:00Z", "local_id": f"SYN-{number}", "name": f"SYNTHETIC {number}",
        "area_type": "CHA", "contamination": "AP AV", "identified_on": "2024-03", "district": "D1", "required_depth_cm": 20,
        "geometry": {"type": "Polygon", "coordinates": [OUTLINE]}, **changes,
    }  # fmt: skip


def kobo(number: int, **changes: Any) -> dict[str, Any]:
    """The same as Kobo's API gives it."""
    status = changes.pop("review", None)
    return {
        "_id": 100 + number, "_uuid": f"{number:04}",
        "meta/instanceID": f"uuid:{number:04}", "meta/rootUuid": f"uuid:{number:04}",
        "_xform_id_string": "aXyz", "_submission_time": f"2024-03-0{number}T08:00:00",
        "_validation_status": {"uid": status} if status else {}, "_attachments": [], "_geolocation": [None, None],
        "local_id": f"SYN-{number}", "name": f"SYNTHETIC {number}", "area_type": "CHA", "contamination": "AP AV",
        "identified_on": "2024-03", "district": "D1", "required_depth_cm": "20",
        "geometry": "-20 -30 5 4;-19.99 -30 5 4;-19.99 -29.99 5 4;-20 -30 5 4", **changes,
    }  # fmt: skip


class Recorded:
    """A server that answers what was recorded, to whoever has the token, and remembers what was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}
        self.asked: list[str] = []
        recorded = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                recorded.asked.append(self.path)
                answer = recorded.answers.get(self.path)
                allowed = self.headers.get("Authorization") in ("Bearer secret", "Token secret")
                if isinstance(answer, str) and answer.startswith("->"):
                    self.send_response(302)
                    self.send_header("Location", answer[2:])
                    self.end_headers()
                    return
                self.send_response(401 if not allowed else 404 if answer is None else 200)
                self.end_headers()
                if allowed and answer is not None:
                    self.wfile.write(answer if isinstance(answer, bytes) else json.dumps(answer).encode())

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def central(self, *pages: list[dict[str, Any]]) -> Server:
        """Pages of submissions, linked as Central links them."""
        for number, page in enumerate(pages):
            path = BASE if number == 0 else f"{BASE}&%24skiptoken={number}"
            following = f"{self.url}{BASE}&%24skiptoken={number + 1}" if number + 1 < len(pages) else None
            self.answers[path] = {
                "value": page,
                "@odata.context": f"{self.url}/v1/projects/3/forms/{FORM}.svc/$metadata#Submissions",
            }
            if following:
                self.answers[path]["@odata.nextLink"] = following
        folder = f"/v1/projects/3/forms/{FORM}/submissions/uuid%3A0001/attachments"
        self.answers[folder] = [{"name": "mine 1.jpg", "exists": True}, {"name": "lost.jpg", "exists": False}]
        self.answers[f"{folder}/mine%201.jpg"] = PHOTO
        return Server(url=self.url, system="odk", form=FORM, token="secret", project="3")

    def kobo(self, *page: dict[str, Any]) -> Server:
        """One page of Kobo's list."""
        self.answers["/api/v2/assets/aXyz/data.json?limit=500"] = {"count": len(page), "next": None, "results": list(page)}
        return Server(url=self.url, system="kobo", form="aXyz", token="secret")


@pytest.fixture
def server() -> Iterator[Recorded]:
    recorded = Recorded()
    yield recorded
    recorded.http.shutdown()
    recorded.http.server_close()


def hazards() -> dict[str, Any]:
    """What stands, by local id, in whatever state."""
    found = rows(scope(ACTOR, "tests"), "hazard", states=("approved", "submitted", "draft", "returned", "withdrawn"))
    return {each.local_id: each for each in found.order_by("known_from", "id")}


def test_submissions_of_central_are_records_with_their_attachments(programme: TestProgramme, server: Recorded) -> None:
    where = server.central(
        [central(1), central(2, review="approved")], [central(3, review="rejected"), central(4, review="hasIssues")]
    )
    done = collect(where, "hazard", actor=ACTOR)
    assert (done.submissions, done.added.receipt.new, done.attachments) == (4, 3, 1)
    found = hazards()
    assert {name: each.state for name, each in found.items()} == {"SYN-1": "submitted", "SYN-2": "approved", "SYN-4": "draft"}
    assert found["SYN-1"].attributes["contamination"] == ["AP", "AV"]
    assert found["SYN-1"].geometry.geom_type == "Polygon"
    (photo,) = sources(scope(ACTOR, "tests")).filter(series=f"attachments:{FORM}")
    assert (photo.filename, photo.sensitivity, photo.media_type) == ("0001/mine 1.jpg", "restricted", "image/jpeg")
    asked = len(server.asked)
    again = collect(where, "hazard", actor=ACTOR)
    assert (again.added.receipt.new, again.added.receipt.changed, again.attachments) == (0, 0, 0)
    assert again.added.receipt.head == done.added.receipt.head or again.attachments == 0
    assert not any(path.endswith("mine%201.jpg") for path in server.asked[asked:])


def test_an_edit_is_a_new_entry_and_a_review_a_new_state(sqlite_programme: TestProgramme, server: Recorded) -> None:
    collect(server.central([central(1), central(2)]), "hazard", actor=ACTOR)
    edited = central(1, name="SYNTHETIC corrected", local_id="SYN-1A", review="approved")
    edited["__system"]["edits"] = 1
    edited["meta"] = {"instanceID": "uuid:9999", "deprecatedID": "uuid:0001"}
    done = collect(server.central([edited, central(2, review="hasIssues")]), "hazard", actor=ACTOR)
    assert (done.added.receipt.new, done.added.receipt.changed) == (0, 2)
    found = hazards()
    assert found["SYN-1A"].attributes["name"] == "SYNTHETIC corrected"
    assert [entry.state for entry in history(scope(ACTOR, "tests"), found["SYN-1A"].record_uuid)] == ["submitted", "approved"]
    assert found["SYN-2"].state == "returned"
    gone = collect(server.central([edited, central(2, review="rejected")]), "hazard", actor=ACTOR)
    assert gone.added.receipt.changed == 1
    assert hazards()["SYN-2"].state == "withdrawn"


def test_submissions_of_kobo_and_their_edits(sqlite_programme: TestProgramme, server: Recorded) -> None:
    first = kobo(1)
    first["_attachments"] = [
        {"filename": "team/attachments/p.jpg", "download_url": f"{server.url}/media/p.jpg", "mimetype": "image/jpeg"}
    ]
    server.answers["/media/p.jpg"] = PHOTO
    where = server.kobo(first, kobo(2, review="validation_status_approved"))
    done = collect(where, "hazard", actor=ACTOR)
    assert (done.added.receipt.new, done.attachments) == (2, 1)
    edited = copy.deepcopy(first) | {
        "_uuid": "7777",
        "meta/instanceID": "uuid:7777",
        "meta/deprecatedID": "uuid:0001",
        "name": "SYNTHETIC b",
    }
    done = collect(server.kobo(edited, kobo(2, review="validation_status_approved")), "hazard", actor=ACTOR)
    assert (done.added.receipt.new, done.added.receipt.changed) == (0, 1)
    assert hazards()["SYN-1"].attributes["name"] == "SYNTHETIC b"
    assert hazards()["SYN-2"].state == "approved"


def test_repeat_groups_become_links_and_lists(sqlite_programme: TestProgramme, tmp_path: Path) -> None:
    path = tmp_path / "areas.json"
    context = {"@odata.context": f"https://x.example/v1/projects/3/forms/{FORM}.svc/$metadata#Submissions"}
    child = central(2, found={"parent_hazard": "SYN-1"})
    path.write_text(json.dumps({**context, "value": [central(1), child]}), encoding="utf-8")
    added = add_file(path, AddOptions(), actor=ACTOR)  # the form's id says which kind it is
    assert added.receipt.new == 2
    entry = history(scope(ACTOR, "tests"), hazards()["SYN-2"].record_uuid)[-1]
    assert entry.links == {"parent_hazard": (hazards()["SYN-1"].record_uuid,)}
    lost = central(3, parent_hazard="SYN-none")
    path.write_text(json.dumps({**context, "value": [lost]}), encoding="utf-8")
    with pytest.raises(RefusedInput, match="E-LINK-NONE"):
        add_file(path, AddOptions(), actor=ACTOR)


@pytest.mark.parametrize(
    ("heads", "values"),
    [
        ("SubmissionDate,KEY,ReviewState,SubmitterName", "2024-03-01T08:00:00Z,uuid:0001,approved,Team"),
        ("_submission_time,_uuid,_validation_status", "2024-03-01T08:00:00,0001,Approved"),
    ],
)
def test_csv_exports_are_the_same_submissions(sqlite_programme: TestProgramme, tmp_path: Path, heads: str, values: str) -> None:
    path = tmp_path / "areas.csv"
    shape = "-20 -30 5 4;-19.99 -30 5 4;-19.99 -29.99 5 4;-20 -30 5 4"
    path.write_text(
        f"{heads},local_id,name,area_type,contamination,identified_on,district,geometry\n"
        f"{values},SYN-1,SYNTHETIC 1,CHA,AP AV,2024-03,D1,{shape}\n", encoding="utf-8",
    )  # fmt: skip
    assert add_file(path, AddOptions(kind="hazard"), actor=ACTOR).receipt.new == 1
    only = hazards()["SYN-1"]
    assert (only.state, only.attributes["contamination"], only.geometry.geom_type) == ("approved", ["AP", "AV"], "Polygon")


def test_a_server_is_not_trusted_further_than_its_own_address(sqlite_programme: TestProgramme, server: Recorded) -> None:
    where = server.central([central(1)])
    page = server.answers[BASE]
    wrong: list[tuple[Any, Server]] = [
        ({**page, "@odata.nextLink": "http://127.0.0.1:1/elsewhere"}, where),
        ("->http://localhost:1/elsewhere", where),
        (b"<html>no json", where),
        ({"value": 5}, where),
        (page, Server(url=server.url, system="odk", form=FORM, token="wrong", project="3")),
        (page, Server(url="http://server.example", system="odk", form=FORM, token="secret")),
        (page, Server(url="file:///etc", system="odk", form=FORM, token="secret")),
    ]
    for answer, asked in wrong:
        server.answers[BASE] = answer
        with pytest.raises(ClearlandError, match="E-COLLECT-SERVER"):
            collect(asked, "hazard", actor=ACTOR)
    assert not hazards()
