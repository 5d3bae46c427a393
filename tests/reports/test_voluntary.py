"""The first line of a treaty report: whether the State is party, as events record it or sources tell of it."""

import re

import pytest

from clearland.claims.model import Scope
from clearland.ledger.snapshot import snapshot
from clearland.reports import front
from clearland.reports.compile import compile_report
from tests.figures.told import paper

FORMS = [
    ("article-7", "APMBC", "Anti-Personnel Mine Ban Convention"), ("ccm-article-7", "CCM", "Convention on Cluster Munitions"),
    ("ccw-protocol-ii-article-13", "CCW-APII", "CCW Amended Protocol II"),
    ("ccw-protocol-v-article-10", "CCW-PV", "CCW Protocol V"),
]  # fmt: skip


def warnings(form: str) -> list[str]:
    return [re.sub(r"\\(.)", r"\1", one) for one in compile_report(snapshot(), form, covers="2024").front.warnings]


@pytest.mark.parametrize(("form", "told_as", "name"), FORMS)
def test_a_report_of_a_state_that_sources_call_no_party_is_voluntary(sqlite_programme, monkeypatch, form, told_as, name):
    monkeypatch.setattr(front, "programme_row", lambda _: {"name": "Programme", "country": "AZ"})
    status = {"attribute": "treaty.status", "value": "not party", "unit": "status", "polarity": "negated", "period": "2024"}
    assert f"Whether the State is party to the treaty ({name}) is not recorded." in warnings(form)
    told = {**status, "scope": Scope(definition=told_as)}
    paper("Georgia is not party.", {**told, "at": "not party", "subject": "Georgia"}, filename="of-another.txt")
    assert f"Whether the State is party to the treaty ({name}) is not recorded." in warnings(form)
    paper("Azerbaijan is not party.", {**told, "at": "not party", "subject": "Azerbaijan"}, filename="of-its-own.txt")
    assert f"Voluntary report: sources held say that the State is not party to the treaty ({name})." in warnings(form)
