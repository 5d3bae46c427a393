"""Answers kept in this process, as they are: handed out again and again, so whoever gets one must not change it."""

import threading
import time
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any

MISSING = object()


class Kept:
    """The `most` answers that were asked for last. May be used by several threads."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._held: OrderedDict[Hashable, tuple[Any, float]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Any:
        """The answer, MISSING where there is none or its time is over."""
        with self._lock:
            found = self._held.get(key)
            if found is None:
                return MISSING
            value, until = found
            if until < time.monotonic():
                del self._held[key]
                return MISSING
            self._held.move_to_end(key)
            return value

    def put(self, key: Hashable, value: Any, seconds: float = float("inf")) -> None:
        """Keep an answer, for a time where one is given."""
        with self._lock:
            self._held[key] = (value, time.monotonic() + seconds)
            self._held.move_to_end(key)
            while len(self._held) > self.most:
                self._held.popitem(last=False)
