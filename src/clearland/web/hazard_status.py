"""Which status a hazard's symbol shows: the one that follows from ground, work and handover (`figures.lifecycle`).

It stands in the newest finished count; a hazard that was not counted yet shows what was reported of it.
"""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from clearland.figures.lifecycle import prepare_status
from clearland.web.access import Reading
from clearland.web.sums import StillCounting

_KEPT = 4
_found: "OrderedDict[str, Mapping[str, str]]" = OrderedDict()
_lock = threading.Lock()


def derived_statuses(read: Reading) -> Mapping[str, str]:
    """The derived status of each hazard (record id) that was reported otherwise, or without any."""
    name = counted_as(read)
    with _lock:
        if name in _found or not name:
            return _found.get(name, {})
    made = read.snapshot
    prepare_status(made)
    rows = made.sql("SELECT record, status FROM hazard_status WHERE status IS DISTINCT FROM reported").to_pydict()
    found = dict(zip(rows["record"], rows["status"], strict=True))
    with _lock:
        _found[name] = found
        while len(_found) > _KEPT:
            _found.popitem(last=False)
    return found


def counted_as(read: Reading) -> str:
    """What the count that statuses are taken from is called: part of what a drawing rests on. Empty before the first."""
    try:
        return str(read.snapshot.folder)
    except StillCounting:
        return ""


def with_status(attributes: Mapping[str, Any], status: str | None) -> Mapping[str, Any]:
    """What was said of a hazard, with its derived status where that is another."""
    return attributes if status is None else {**attributes, "status": status}
