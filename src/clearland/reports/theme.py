"""The one theme of all charts, on pages and on paper: ink, a few colours with a meaning, numbers as the language writes them."""

from typing import Any

INK, QUIET, LINE, ACCENT = "#1d2329", "#5d6670", "#dcd8cf", "#0b5fa5"
CLASS_COLOURS = {"CHA": "#d7483f", "SHA": "#f4a718"}
PRODUCT_COLOURS = {"cancelled": "#8fc09a", "reduced": "#4f9f63", "cleared": "#1f7a3d"}
FLOW_COLOURS = {"level": "#5d6670", "more": "#c98a1b", "less": "#2b7a4b"}
SERIES_COLOURS = ("#0b5fa5", "#c98a1b", "#2b7a4b", "#8a2a6b", "#5d6670", "#7a9cc6", "#9c5c00", "#4f9f63")
SHADES = ("#eef3f8", "#c9dbea", "#94b9d8", "#5590c0", "#0b5fa5")
SCREEN_FONT = 'system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif'
PAPER_FONT = "Libertinus Serif"  # the text face that Typst carries in itself: Latin with ə, ğ, ı, and Cyrillic
LOCALES = {
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["", ""]},
    "az": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", ""]},
    "ru": {"decimal": ",", "thousands": "\N{NO-BREAK SPACE}", "grouping": [3], "currency": ["", ""]},
}


def config(font: str = SCREEN_FONT) -> dict[str, Any]:
    """Vega-Lite configuration."""
    return {
        "font": font,
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
