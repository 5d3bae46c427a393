"""Strict reading of the dictionary's YAML: each value knows its file and path, and says so when it is wrong.

YAML is forgiving where a dictionary must not be: it keeps the last of two equal keys and reads `no` and `2020-01-01`
as something other than text. Both are refused here.
"""

from collections.abc import Callable, Hashable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn, TypeVar

import yaml

from clearland.core.errors import ClearlandError, Place

T = TypeVar("T")

_Base: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _StrictLoader(_Base):  # type: ignore[valid-type, misc]  # the C loader where PyYAML was built with it
    """Safe YAML that refuses a key given twice."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        """A mapping. Raises yaml.constructor.ConstructorError when a key is repeated."""
        seen: set[object] = set()
        for key_node, _ in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} is given twice",
                                                        key_node.start_mark)
            seen.add(key)
        mapping: dict[Hashable, Any] = super().construct_mapping(node, deep=deep)
        return mapping


class Node:
    """A value of the YAML with its file and its path (`fields[3].labels.az`)."""

    def __init__(self, value: object, file: str, path: str = "") -> None:
        self.value = value
        self.file = file
        self.path = path

    def fail(self, sentence: str, remedy: str = "") -> NoReturn:
        """Raise ClearlandError E-DICT-FORM at this place."""
        place = Place(file=self.file, column=self.path or None)
        raise ClearlandError("E-DICT-FORM", sentence, place=place, remedy=remedy)

    def child(self, value: object, step: str) -> "Node":
        """A value inside this one."""
        joint = "" if not self.path or not step or step.startswith("[") else "."
        return Node(value, self.file, f"{self.path}{joint}{step}")

    def mapping(self, required: str = "", optional: str = "") -> dict[str, "Node"]:
        """The entries of a mapping; unknown and missing keys are refused. Keys stand in one string, apart by blanks."""
        entries = self.open_mapping()
        wanted, allowed = required.split(), {*required.split(), *optional.split()}
        for key, node in entries.items():
            if key not in allowed:
                node.fail(f"The key {key!r} is not known here.", f"Known keys: {', '.join(sorted(allowed))}.")
        for key in wanted:
            if key not in entries:
                self.fail(f"The key {key!r} is missing.", f"Add {key!r} at this place.")
        return entries

    def open_mapping(self) -> dict[str, "Node"]:
        """The entries of a mapping with any text keys."""
        if not isinstance(self.value, dict):
            self.fail("A mapping is expected here.")
        entries: dict[str, Node] = {}
        for key, value in self.value.items():
            if not isinstance(key, str):
                self.fail(f"The key {key!r} is not text.", "Put it in quotes.")
            entries[key] = self.child(value, key)
        return entries

    def items(self) -> Iterator["Node"]:
        """The elements of a list."""
        if not isinstance(self.value, (list, tuple)):
            self.fail("A list is expected here.")
        for index, value in enumerate(self.value):
            yield self.child(value, f"[{index}]")

    def text(self) -> str:
        """Text with something in it."""
        if not isinstance(self.value, str):
            self.fail(f"Text is expected here, not {self.value!r}.", "Put it in quotes.")
        text = " ".join(self.value.split())
        if not text:
            self.fail("The text is empty.")
        return text

    def block(self) -> str:
        """Text whose line breaks count, such as SQL."""
        if not isinstance(self.value, str) or not self.value.strip():
            self.fail("Text is expected here.")
        return self.value.strip() + "\n"

    def choice(self, allowed: tuple[str, ...]) -> Any:
        """One of the texts allowed."""
        text = self.text()
        if text not in allowed:
            self.fail(f"{text!r} is not allowed here.", f"Allowed: {', '.join(allowed)}.")
        return text

    def flag(self) -> bool:
        """True or false."""
        if not isinstance(self.value, bool):
            self.fail("true or false is expected here.")
        return self.value

    def whole(self) -> int:
        """A whole number."""
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            self.fail("A whole number is expected here.")
        return self.value

    def bound(self) -> str:
        """A number as decimal text."""
        if isinstance(self.value, bool) or not isinstance(self.value, (int, float, str)):
            self.fail("A number is expected here.")
        try:
            number = Decimal(str(self.value))
        except InvalidOperation:
            self.fail(f"{self.value!r} is not a number.")
        if not number.is_finite():
            self.fail(f"{self.value!r} is not a number.")
        return format(number, "f")

    def texts(self) -> tuple[str, ...]:
        """A list of texts, none twice."""
        found: list[str] = []
        for node in self.items():
            text = node.text()
            if text in found:
                node.fail(f"{text!r} is given twice.")
            found.append(text)
        return tuple(found)

    def labels(self) -> dict[str, str]:
        """Text by language, English at least (the other languages are the lint's to ask for)."""
        labels = {language: node.text() for language, node in self.open_mapping().items()}
        for language in labels:
            if not (2 <= len(language) <= 3 and language.isascii() and language.isalpha() and language.islower()):
                self.fail(f"{language!r} is not a language code.", "Use en, az, ru, …")
        if "en" not in labels:
            self.fail("The English label is missing.", "Add `en`.")
        return labels


def optional(nodes: dict[str, Node], key: str, read: Callable[[Node], T]) -> T | None:
    """What `read` makes of the entry, or None where there is none (or it is written as null)."""
    node = nodes.get(key)
    return None if node is None or node.value is None else read(node)


def parse_yaml(text: str, file: str) -> Node:
    """The root of a YAML document. Raises ClearlandError E-DICT-YAML with file and line when it is not YAML."""
    try:
        return Node(yaml.load(text, Loader=_StrictLoader), file)  # noqa: S506 (a safe loader, made stricter)
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        what = getattr(problem, "problem", None) or "it cannot be read"
        raise ClearlandError(
            "E-DICT-YAML", f"The file is not good YAML: {what}.", remedy="Mend the line and try again.",
            place=Place(file=file, row=mark.line + 1 if mark else None),
        ) from problem
