"""Rules 4 and 70: what *other* means is said in words; free text does not hold what tells who a person is."""

import re
from collections.abc import Iterator

from clearland.checks.records.model import Attributes, Said, Setting
from clearland.dictionary.model import Kind

# A telephone number with its country, an address of mail, a number of papers with the word for them beside it.
_TELLING = re.compile(
    r"\+\d[\d ()-]{8,16}\d|[\w.+-]+@[\w-]+\.[a-z]{2,}|"
    r"(?:passport|pasport|şv|паспорт|fin|pin|id card|şəxsiyyət|удостоверение)\W{0,4}"
    r"(?:no|nr|№|n|nömrəsi)?\W{0,3}[A-Z]{0,3}\d{6,9}",
    re.IGNORECASE,
)
_WORDS = re.compile(r"\d{6}")
_OTHER, _OTHER_SAID = "other", "other_said"
_OPEN = frozenset({"website", "url", "contact", "contacts"})


class Others:
    """The coded fields of a kind that has a place to say what *other* means."""

    def __init__(self, kind: Kind) -> None:
        coded = [each.name for each in kind.fields if each.code_list]
        self.names = coded if _OTHER_SAID in kind.by_name else []

    def check(self, said: Attributes, _setting: Setting) -> Iterator[Said]:
        """4."""
        if said.get(_OTHER_SAID):
            return
        for name in self.names:
            value = said.get(name)
            if value == _OTHER or (isinstance(value, list) and _OTHER in value):
                yield Said("R-OTHER-NOT-SAID", name, {"field": name})


class FreeText:
    """The free text of one kind: texts without a list, a target or a seal."""

    def __init__(self, kind: Kind) -> None:
        self.names = [
            each.name for each in kind.fields
            if each.type == "text" and not each.target_kinds and each.sensitivity != "sealed"
            and each.name not in _OPEN and each.name != kind.key_field
        ]  # fmt: skip

    def check(self, said: Attributes, _setting: Setting) -> Iterator[Said]:
        """70."""
        for name in self.names:
            value = said.get(name)
            if isinstance(value, str) and len(value) > 8 and _may_tell(value) and _TELLING.search(value):
                yield Said("R-PERSON-IN-TEXT", name, {"field": name})


def _may_tell(value: str) -> bool:
    """Cheap, and true of whatever the expression could match."""
    return "+" in value or "@" in value or _WORDS.search(value) is not None
