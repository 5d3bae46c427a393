"""A number as pages show it: the value with the line that says its scope, its status and what stands behind it."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clearland.core.units import AREA_M2
from clearland.web import formats

STATUS_LABELS = {
    "computed": gettext_lazy("computed"),
    "reported_only": gettext_lazy("reported only, no polygon"),
    "claimed": gettext_lazy("claimed in a source"),
    "withheld": gettext_lazy("withheld"),
    "not known": gettext_lazy("not known"),
    "count": gettext_lazy("count of records"),
}


@dataclass(frozen=True, kw_only=True)
class Shown:
    """`value` is in `unit` (areas in m²); `in_unit` is the unit it is written in. None is *not known* or *withheld*."""

    value: float | Decimal | None
    unit: str
    href: str
    line: str
    status: str = "computed"
    behind: str = ""
    in_unit: str = ""
    disagreement: str = ""

    def __post_init__(self) -> None:
        if not self.in_unit:
            chosen = formats.area_unit([self.value]) if self.unit in AREA_M2 and self.value is not None else self.unit
            object.__setattr__(self, "in_unit", chosen)

    @property
    def status_label(self) -> str:
        """The status in words."""
        return str(STATUS_LABELS.get(self.status, self.status))

    def text(self, decimals: int | None = None) -> str:
        """The number without its unit."""
        if self.value is None:
            return self.status_label
        if self.unit == "m2" and self.in_unit in AREA_M2:
            return formats.area(self.value, self.in_unit) if decimals is None else self._column(decimals)
        return formats.number(self.value, decimals)

    def _column(self, decimals: int) -> str:
        """An area in a column of equal decimals: nought is a digit, and what is less than the last decimal says so."""
        exact = Decimal(str(self.value)) / AREA_M2[self.in_unit]
        places = 0 if self.in_unit == "m2" else decimals
        least = Decimal(1).scaleb(-places)
        if not exact:
            return "0"
        if abs(exact) < least / 2:
            return f"< {formats.number(least)}" if exact > 0 else f"> −{formats.number(least)}"
        return formats.number(exact, places)

    def exact(self) -> str:
        """The exact m² of an area written in another unit or rounded."""
        if self.value is None or self.unit != "m2":
            return ""
        return f"{formats.number(self.value, 1 if self.value % 1 else 0)}\N{NO-BREAK SPACE}{formats.unit_sign('m2')}"


def sentences(entries: int, claims: int) -> str:
    """How many records or sentences stand behind a figure."""
    if claims and not entries:
        return _("%s sentences") % formats.number(claims)
    return _("%s records") % formats.number(entries)
