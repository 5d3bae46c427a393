"""Words that tell sex, age, outcome and the like in names and labels, so that a name and its labels can be compared.

The faults they catch are real: forms in use have shown *girls* for `boys`, and *injured* for `killed`, in one language
only, where nobody who could read it looked (standards note, rule 75).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Axis:
    """Values that exclude each other. `strict`: a label may not speak of a value where the name does not."""

    name: str
    names: Mapping[str, frozenset[str]]
    labels: Mapping[str, Mapping[str, re.Pattern[str]]]
    strict: bool = False

    def in_name(self, name: str) -> frozenset[str]:
        """Values that the name of a field or code speaks of."""
        tokens = set(name.lower().split("_"))
        return frozenset(value for value, words in self.names.items() if tokens & words)

    def in_label(self, language: str, label: str) -> frozenset[str] | None:
        """Values that a label speaks of; None for a language whose words are not known here."""
        patterns = self.labels.get(language)
        if patterns is None:
            return None
        return frozenset(value for value, pattern in patterns.items() if pattern.search(label.lower()))


def _axis(name: str, names: Mapping[str, str], *, strict: bool = False, **labels: Mapping[str, str]) -> Axis:
    patterns = {
        language: {value: re.compile(rf"(?<!\w)(?:{words})") for value, words in values.items()}
        for language, values in labels.items()
    }
    return Axis(name, {value: frozenset(words.split()) for value, words in names.items()}, patterns, strict)


AXES: tuple[Axis, ...] = (
    _axis(
        "sex", {"female": "female women woman girl girls", "male": "male men man boy boys"}, strict=True,
        en={"female": r"(?:females?|wom[ae]n|girls?)\b", "male": r"(?:males?|m[ae]n|boys?)\b"},
        az={"female": r"qad[ıi]n|q[ıi]z(?!ıl)", "male": r"kişi|oğlan"},
        ru={"female": r"женщин|женск|девоч|девуш", "male": r"мужчин|мужск|мальчи|юнош"},
    ),
    _axis(
        "age", {"child": "child children girl girls boy boys", "adult": "adult adults women woman men man"},
        en={"child": r"(?:child|girl|boy|minor)", "adult": r"(?:adults?|wom[ae]n|m[ae]n)\b"},
        az={"child": r"uşaq|q[ıi]z(?!ıl)|oğlan", "adult": r"yetkin|böyük|qad[ıi]n|kişi"},
        ru={"child": r"дет(?:и|ей|ск|ям)|реб[её]н|девоч|мальчи", "adult": r"взросл|женщин|мужчин"},
    ),
    _axis(
        "outcome", {"killed": "killed dead deaths", "injured": "injured wounded"}, strict=True,
        en={"killed": r"(?:killed|dead|deaths?|fatal)", "injured": r"(?:injur|wound)"},
        az={"killed": r"həlak|öl(?:ən|dür|üm)", "injured": r"yaralan|yaralı|xəsarət"},
        ru={"killed": r"погиб|убит|смерт", "injured": r"ранен"},
    ),
    _axis(
        "release", {"cancelled": "cancelled", "reduced": "reduced", "cleared": "cleared"},
        en={"cancelled": r"cancel", "reduced": r"reduc", "cleared": r"clear"},
        az={"cancelled": r"ləğv", "reduced": r"azald", "cleared": r"təmizlən"},
        ru={"cancelled": r"отмен|аннулир", "reduced": r"сокращ", "cleared": r"очи[щс]"},
    ),
    _axis(
        "directness", {"direct": "direct", "indirect": "indirect"}, strict=True,
        en={"direct": r"direct", "indirect": r"indirect"},
        az={"direct": r"birbaşa", "indirect": r"dolayı"},
        ru={"direct": r"прям", "indirect": r"косвен"},
    ),
    _axis(
        "stage", {"expected": "expected planned", "confirmed": "confirmed"},
        en={"expected": r"expect|planned|waiting", "confirmed": r"confirm"},
        az={"expected": r"gözlən|planlaş", "confirmed": r"təsdiq"},
        ru={"expected": r"ожида|планир|запланир", "confirmed": r"подтвержд"},
    ),
    _axis(
        "end", {"from": "from start", "to": "until end"},
        en={"from": r"(?:from|start|first|begin)\b", "to": r"(?:to|until|end|last)\b"},
        az={"from": r"(?:\w+\s)*\w*(?:əvvəl|başlan)", "to": r"(?:\w+\s)*(?:son|başa çat)"},
        ru={"from": r"(?:\w+\s)*(?:с\b|начал)", "to": r"(?:\w+\s)*(?:по\b|оконч|после)"},
    ),
)
