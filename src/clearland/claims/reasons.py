"""Why two claims lie to one another as they do: a coded phrase with its values, said in the reader's language.

The code and the values are kept; the words are made where somebody reads them. A phrase missing in a language is an
error of ours, held by a test.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

import yaml


@dataclass(frozen=True)
class Coded:
    """A code of the dictionary inside a reason: an attribute, a device, a treaty. Whoever says the reason has its words."""

    code: str

    def __str__(self) -> str:
        return self.code


Labels = Callable[[str], str]  # a code -> its words in the language that is said


@dataclass(frozen=True)
class Reason:
    """A phrase by its name in `wording/*.yaml`. Values are plain, other reasons, or several of them in a row."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict, hash=False)

    def say(self, language: str = "en", labels: Labels = str) -> str:
        """The phrase in a language, in English where we do not write that language; codes by `labels`, else as they are."""
        said = {name: _said(value, language, labels) for name, value in self.values.items()}
        return _phrases(language)[self.code].format(**said)

    def as_json(self) -> dict[str, object]:
        """`{code, values}`, nested, for programs that word it themselves."""
        return {"code": self.code, "values": {name: _plain(value) for name, value in self.values.items()}}

    def __str__(self) -> str:
        return self.say()


def _said(value: object, language: str, labels: Labels) -> str:
    if isinstance(value, Reason):
        return value.say(language, labels)
    if isinstance(value, Coded):
        return labels(value.code)
    if isinstance(value, tuple):
        return _phrases(language)["and"].join(_said(part, language, labels) for part in value)
    return str(value)


def _plain(value: object) -> object:
    if isinstance(value, Reason):
        return value.as_json()
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value if isinstance(value, str | int | float) else str(value)


@cache
def _phrases(language: str) -> Mapping[str, str]:
    folder = resources.files("clearland.claims.wording")
    file = folder.joinpath(f"{language}.yaml")
    text = (file if file.is_file() else folder.joinpath("en.yaml")).read_text(encoding="utf-8")
    loaded: dict[str, str] = yaml.safe_load(text)
    return loaded
