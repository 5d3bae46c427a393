"""Rules 36 and 45 to 47: depths, improvised mines, disposal, and totals of items in one report."""

import re
from collections.abc import Iterator

from clearland.checks.records.model import Attributes, Said, Setting, added, number, says_any, text

_VICTIM_OPERATED = re.compile(
    r"victim[- ]?operated|\bvoied\b|pressure[- ]?plate|trip[- ]?wire|qurban[^ ]* işə sal|нажимн|растяжк", re.IGNORECASE
)
_WORDS_OF_ITEM = ("model", "markings", "device_model", "object_described", "subcategory")
_HEADLINE = (
    "ap_destroyed", "ap_impro_destroyed", "av_destroyed", "av_impro_destroyed", "cmr_destroyed", "uxo_destroyed",
    "axo_destroyed", "bt_destroyed", "ied_destroyed", "unk_destroyed",
)  # fmt: skip
_ASIDE = ("saa_destroyed", "comp_destroyed")
_SEARCHED_CM = ("depth_cm", "achieved_depth_cm", "specified_depth_cm", "required_depth_cm", "sample_depth_cm")


def improvised(said: Attributes, _setting: Setting) -> Iterator[Said]:
    """45: an improvised device that a victim sets off is an improvised mine."""
    category = text(said, "category") or text(said, "device_category")
    if category == "IED" and any(_VICTIM_OPERATED.search(text(said, name)) for name in _WORDS_OF_ITEM):
        yield Said("R-IMPROVISED-MINE", "category" if said.get("category") else "device_category")


def disposal(said: Attributes, _setting: Setting) -> Iterator[Said]:
    """47: what was destroyed was destroyed somehow."""
    if text(said, "fate") == "destroyed" and not said.get("disposal_method"):
        yield Said("R-NO-DISPOSAL", "disposal_method")


def totals(said: Attributes, _setting: Setting) -> Iterator[Said]:
    """46: small arms ammunition and components stand beside the total of items, not in it."""
    total, aside = number(said, "items_destroyed"), added(said, *_ASIDE)
    without = added(said, *_HEADLINE)
    if total is not None and aside > 0 and says_any(said, *_HEADLINE) and without < total <= without + aside:
        yield Said("R-SAA-IN-TOTAL", "items_destroyed", {"total": total, "without": without})


def depth(said: Attributes, setting: Setting) -> Iterator[Said]:
    """36: nobody searches a field three metres deep; a bomb may lie fifteen."""
    for name in _SEARCHED_CM:
        value = number(said, name)
        if value is not None and value > setting.limits.clearance_depth_cm:
            yield Said("R-DEPTH", name, {"field": name, "depth_cm": value})
    found = number(said, "depth_found_cm")
    if found is not None and found > setting.limits.eod_depth_cm:
        yield Said("R-DEPTH", "depth_found_cm", {"field": "depth_found_cm", "depth_cm": found})
