"""The one theme of all charts, and their drawing. Bars start at zero, units stand in the title, nothing is decoration.

Drawn on the server by vl-convert: no script runs in the browser, the chart prints, and each bar is a link.
"""

import re
from collections.abc import Mapping
from typing import Any

import vl_convert
from django.utils.safestring import SafeString, mark_safe

from clearland.web import formats
from clearland.web.access import Reading, summed

INK, QUIET, LINE, ACCENT = "#1d2329", "#5d6670", "#dcd8cf", "#0b5fa5"
CLASS_COLOURS = {"CHA": "#d7483f", "SHA": "#f4a718"}
PRODUCT_COLOURS = {"cancelled": "#8fc09a", "reduced": "#4f9f63", "cleared": "#1f7a3d"}
FLOW_COLOURS = {"level": "#5d6670", "more": "#c98a1b", "less": "#2b7a4b"}
_FONT = 'system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif'
_LOCALES = {
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["", ""]},
    "az": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", ""]},
    "ru": {"decimal": ",", "thousands": "\N{NO-BREAK SPACE}", "grouping": [3], "currency": ["", ""]},
}
_NOWHERE = "http://site.invalid"
_OUTER_SVG = re.compile(r'<svg [^>]*?width="(?P<w>[\d.]+)" height="(?P<h>[\d.]+)"[^>]*>')


def config() -> dict[str, Any]:
    """Vega-Lite configuration."""
    return {
        "font": _FONT,
        "background": "transparent",
        "view": {"stroke": None},
        "title": {"anchor": "start", "fontSize": 14, "fontWeight": 600, "color": INK, "offset": 10, "subtitleColor": QUIET},
        "axis": {
            "labelColor": INK, "titleColor": QUIET, "gridColor": LINE, "domainColor": LINE, "tickColor": LINE,
            "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": 400, "labelLimit": 240, "titleAnchor": "start",
        },
        "axisY": {"domain": False, "ticks": False, "titleAngle": 0, "titleAlign": "left"},
        "legend": {"labelColor": INK, "title": None, "orient": "top", "labelFontSize": 12, "symbolType": "square",
                   "labelLimit": 260, "offset": 4},
        "bar": {"color": ACCENT},
        "text": {"color": INK, "fontSize": 12},
    }  # fmt: skip


def draw(read: Reading, name: str, spec: Mapping[str, Any], label: str) -> SafeString:
    """The chart as inline SVG with an accessible name. `name` keys the drawing kept for this snapshot and language."""
    lang = formats.language()

    def make() -> str:
        whole = {"$schema": "https://vega.github.io/schema/vega-lite/v5.json", "config": config(), **spec}
        svg = str(vl_convert.vegalite_to_svg(whole, format_locale=_LOCALES[lang]))
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
