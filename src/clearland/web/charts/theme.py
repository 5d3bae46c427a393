"""Charts of pages, drawn in the one theme (`reports.theme`). Bars start at zero, units stand in the title.

Drawn on the server by vl-convert: no script runs in the browser, the chart prints, and each bar is a link.
"""

import re
from collections.abc import Mapping
from typing import Any

import vl_convert
from django.utils.safestring import SafeString, mark_safe

from clearland.reports.theme import LOCALES, config
from clearland.web import formats
from clearland.web.access import Reading, summed

_NOWHERE = "http://site.invalid"
_OUTER_SVG = re.compile(r'<svg [^>]*?width="(?P<w>[\d.]+)" height="(?P<h>[\d.]+)"[^>]*>')


def draw(read: Reading, name: str, spec: Mapping[str, Any], label: str) -> SafeString:
    """The chart as inline SVG with an accessible name. `name` keys the drawing kept for this snapshot and language."""
    lang = formats.language()

    def make() -> str:
        whole = {"$schema": "https://vega.github.io/schema/vega-lite/v5.json", "config": config(), **spec}
        svg = str(vl_convert.vegalite_to_svg(whole, format_locale=LOCALES[lang]))
        return svg.replace(f'xlink:href="{_NOWHERE}', 'href="')

    svg = summed(read, f"chart:{name}:{lang}", make)
    return mark_safe(_named(svg, label))  # noqa: S308  # made by vl-convert, which escapes the texts of the data


def linked(href: str) -> str:
    """A link inside the site as a chart's data must hold it: Vega would hang a foreign host before a relative one."""
    return _NOWHERE + href


def _named(svg: str, label: str) -> str:
    """Let the picture shrink with the page, and give it a name for screen readers."""
    name = label.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    return _OUTER_SVG.sub(lambda m: m[0][:-1] + f' role="img" aria-label="{name}">', svg, count=1)
