"""Bar charts of figures: stacked parts, and the waterfall from opening to closing."""

from collections.abc import Mapping, Sequence
from typing import Any

from clearland.reports.theme import FLOW_COLOURS
from clearland.web.charts.theme import linked

Row = Mapping[str, Any]


def stacked(
    rows: Sequence[Row], *, title: str, order: Sequence[str], colours: Mapping[str, str], labels: Mapping[str, str],
    width: int = 400, upright: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """Rows of `member`, `part`, `value`, `href`, `tip`. Horizontal bars, or upright ones for years."""
    data = [
        {**row, "href": linked(row["href"]), "part_label": labels.get(row["part"], row["part"]), "rank": order.index(row["part"])}
        for row in rows
    ]
    present = [part for part in order if any(row["part"] == part for row in rows)]
    names = [labels.get(part, part) for part in present]
    colour = {
        "field": "part_label", "type": "nominal", "sort": names,
        "scale": {"domain": names, "range": [colours[part] for part in present]},
    }  # fmt: skip
    length = {"field": "value", "type": "quantitative", "title": None, "axis": {"tickCount": 4, "format": ",~f"}}
    member = {"field": "member", "type": "nominal", "title": None, "sort": None, "axis": {"labelAngle": 0}}
    encoding: dict[str, Any] = {
        "color": colour, "order": {"field": "rank"}, "href": {"field": "href"}, "description": {"field": "tip"},
    }  # fmt: skip
    encoding |= {"x": member, "y": length} if upright else {"x": length, "y": member}
    size: dict[str, Any] = {"width": width, "height": 200} if upright else {"width": width, "height": {"step": 26}}
    return {"title": title, "data": {"values": data}, "mark": {"type": "bar", "size": 18}, "encoding": encoding, **size}


def waterfall(steps: Sequence[Row], *, title: str, width: int = 1080) -> dict[str, Any]:
    """Rows of `label`, `start`, `end`, `kind` (level, more, less), `text`, `href`: each bar begins where the last ended."""
    room = width // max(len(steps), 1)
    axis = {"labelAngle": 0, "labelLimit": room - 4, "labelFontSize": 11}
    base: dict[str, Any] = {"x": {"field": "label", "type": "nominal", "sort": None, "title": None, "axis": axis}}
    colour = {
        "field": "kind", "type": "nominal", "legend": None,
        "scale": {"domain": list(FLOW_COLOURS), "range": list(FLOW_COLOURS.values())},
    }  # fmt: skip
    values = {"field": "start", "type": "quantitative", "title": None, "axis": {"tickCount": 5, "format": ",~f"}}
    bar = {
        "mark": {"type": "bar", "size": min(34, room // 2)},
        "encoding": {**base, "y": values, "y2": {"field": "end"}, "color": colour, "href": {"field": "href"}},
    }
    text = {
        "mark": {"type": "text", "baseline": "bottom", "dy": -4},
        "encoding": {**base, "y": {"field": "top", "type": "quantitative"}, "text": {"field": "text"}},
    }
    data = [{**step, "href": linked(step["href"]), "top": max(step["start"], step["end"])} for step in steps]
    return {"title": title, "data": {"values": data}, "layer": [bar, text], "width": width, "height": 220}
