"""The words that met a query, marked in their snippet."""

from collections.abc import Sequence

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe


def marked(snippet: str, marks: Sequence[tuple[int, int]]) -> SafeString:
    """The snippet as HTML; `marks` are code points, end exclusive, in any order and possibly overlapping."""
    parts: list[str] = []
    done = 0
    for start, end in sorted(marks):
        if end <= done:
            continue
        first = max(start, done)
        parts += [escape(snippet[done:first]), format_html("<mark>{}</mark>", snippet[first:end])]
        done = end
    parts.append(escape(snippet[done:]))
    return mark_safe("".join(parts))  # noqa: S308  # every part is escaped above
