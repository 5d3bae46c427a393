"""What a process that makes pages does before its first visitor: whoever comes first must not wait for what it keeps later."""

import logging

from django.conf import settings
from django.db import DatabaseError, connections
from django.http import Http404

from clearland.core.errors import ClearlandError
from clearland.ledger.scope import system_actor
from clearland.web.access import Reading
from clearland.web.sums import StillCounting, warm_up
from clearland.web.unasked import make

_PAGES = ("/", "/records/hazard/", "/search/?q=a", "/land/", "/figures/", "/map/")
log = logging.getLogger(__name__)


def made_ready(patience_s: float) -> None:
    """Have the sums of today, waiting for at most `patience_s`, and make the pages most people open once, for nobody."""
    warm_up(patience_s)
    try:
        for address in _PAGES:
            try:
                make(address, settings.LANGUAGE_CODE, Reading(system_actor("web"), None))
            except (StillCounting, Http404, ClearlandError, DatabaseError) as error:  # the page says it to whoever opens it
                log.info("%s: %s", address, error)
    finally:
        connections.close_all()
