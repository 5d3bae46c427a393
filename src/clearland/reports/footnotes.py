"""Real footnotes: every figure and every claim that is printed gets one."""

from dataclasses import dataclass, field

# Every character that Pandoc's Markdown reader gives a meaning to; a backslash takes it away.
_MEANINGFUL = frozenset("\\`*_{}[]()#+-.!|<>~^$@\"'&:=")


@dataclass
class Footnotes:
    """Collects notes while a report is written."""

    notes: list[str] = field(default_factory=list)

    def marker(self, note: str) -> str:
        """The mark to put after the figure. `note` is Pandoc Markdown of one paragraph."""
        self.notes.append(note)
        return f"[^{len(self.notes)}]"

    def markdown(self) -> str:
        """The notes as Pandoc footnote definitions, in order."""
        return "\n\n".join(f"[^{number}]: {note}" for number, note in enumerate(self.notes, start=1))


def escape(text: str) -> str:
    """Text from records and sources as Pandoc Markdown that prints exactly those characters, on one line."""
    flat = " ".join(str(text).split())
    return "".join("\\" + character if character in _MEANINGFUL else character for character in flat)
