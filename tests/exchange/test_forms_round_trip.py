"""Records of every kind answered in their own form and taken in again are the same records."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import shapely

from clearland.dictionary import loader
from clearland.dictionary.model import Field, Kind
from clearland.exchange.forms import XlsForm, repeated_question, repeats, xlsform
from clearland.ledger.drafts import Draft
from clearland.ledger.rows import history, rows
from clearland.ledger.scope import scope, system_actor
from clearland.ledger.write import write
from clearland.work.add import AddOptions, add_file
from tests.exchange.records import Maker

DICTIONARY = loader.builtin()
SYSTEM = system_actor("cli")
SUFFIX = "-answered"


class Device:
    """Answers a form as ODK Central hands them on, and checks that each answer is one the form offers."""

    def __init__(self, maker: Maker, kind: Kind, form: XlsForm) -> None:
        self.names = {draft.record: f"{draft.kind}:{draft.local_id}" for draft in maker.all()}
        self.kind = kind
        self.questions = {row["name"]: row["type"] for row in form.survey if "name" in row}
        self.offered = {(row["list_name"], row["name"]) for row in form.choices}

    def submission(self, number: int, draft: Draft) -> dict[str, Any]:
        """One record, under a local id of its own."""
        answers: dict[str, Any] = {"local_id": f"{draft.local_id}{SUFFIX}"}
        for each in self.kind.fields:
            if each.name in draft.attributes:
                answers[each.name] = self.answer(each, draft.attributes[each.name])
            elif draft.links.get(each.name):
                answers[each.name] = self.answer(each, [self.end(each, target) for target in draft.links[each.name]])
        if draft.geometry is not None:
            question = "geometry" if "geometry" in self.questions else f"geometry_{self.shape(draft)}"
            assert question in self.questions
            answers[question] = json.loads(shapely.to_geojson(draft.geometry))
        return {"__id": f"uuid:{number}", "__system": {"reviewState": "approved"}, **answers}

    def shape(self, draft: Draft) -> str:
        """The question that asks for a shape like this one."""
        return {"Point": "point", "LineString": "line"}.get(draft.geometry.geom_type if draft.geometry else "", "polygon")

    def end(self, each: Field, target: UUID) -> str:
        """A link as a person writes it: the number alone where only one kind is meant."""
        name = self.names[target]
        return name.partition(":")[2] if each.target_kind else name

    def answer(self, each: Field, value: Any) -> Any:
        """What the device sends: one code, codes parted by blanks, or a list of groups."""
        if repeats(DICTIONARY, each):
            return [{"__id": "x", repeated_question(each.name): one} for one in value]
        if each.is_link:
            return value[0]
        sort, _, choices = self.questions[each.name].partition(" ")
        chosen = value if isinstance(value, list) else [{True: "true", False: "false"}.get(value, value)]
        if sort.startswith("select"):
            assert {(choices, one) for one in chosen} <= self.offered
            return " ".join(chosen)
        return value


def with_plain_names(maker: Maker) -> None:
    """A person does not type a number that begins with an equals sign."""
    for kind, drafts in maker.made.items():
        maker.made[kind] = [
            Draft(**{**vars(draft), "local_id": draft.local_id.replace("=", "").replace(";", "-")}) for draft in drafts
        ]


def test_what_is_answered_in_the_form_of_a_kind_is_the_record(
    sqlite_programme: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clearland.intake.records.check_rows", lambda *_: None)
    maker = Maker(DICTIONARY, seed=11)
    for kind in DICTIONARY.layers():
        maker.several(kind, 2)
    with_plain_names(maker)
    write(list(maker.all()), actor=system_actor("demo"), reason="SYNTHETIC records")
    seen = scope(SYSTEM, "compare")
    for kind in DICTIONARY.layers():
        device = Device(maker, kind, xlsform(DICTIONARY, kind))
        drafts = maker.made[kind.name]
        context = f"https://central.example.org/v1/projects/1/forms/clearland_{kind.name}.svc/$metadata#Submissions"
        export = {"@odata.context": context, "value": [device.submission(*each) for each in enumerate(drafts)]}
        path = tmp_path / f"{kind.name}.json"
        path.write_text(json.dumps(export), encoding="utf-8")
        add_file(path, AddOptions(), actor=SYSTEM)
        taken = {row.local_id: history(seen, row.record_uuid)[-1] for row in rows(seen, kind.name)}  # type: ignore[attr-defined]
        for draft in drafts:
            entry = taken[f"{draft.local_id}{SUFFIX}"]
            assert entry.attributes == draft.attributes, kind.name
            assert entry.links == {role: tuple(sorted(ends, key=str)) for role, ends in draft.links.items() if ends}, kind.name
            if draft.geometry is not None:
                assert entry.geometry is not None
                assert entry.geometry.equals(draft.geometry), kind.name
