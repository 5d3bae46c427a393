"""The timeline of policy: order, filters, replies beside accusations, each row leading to its sentence."""

import re
from datetime import date

from django.utils import translation

from clearland.core.clock import fixed_clock
from clearland.ledger.drafts import NewRendition, NewSource
from clearland.ledger.write import write
from tests.web.conftest import CHANGED, DEMO, Site

TEXT = (
    "Policy of two states\n\nLudovia voted in favour of the resolution in 2019. Ludovia has not joined the convention. "
    "In May 2021 Ludovia accused Kestria of laying mines. Kestria denied the accusation.\n"
)


def claim(words: str, attribute: str, value: object, **more: object) -> dict[str, object]:
    """A proposed claim at these words."""
    start = TEXT.index(words)
    return {
        "file": "policy.txt", "start": start, "end": start + len(words), "subject": "Ludovia", "attribute": attribute,
        "value": value, "claimant": "Watch", "stance": "reported", "period": "2021-05", "scope": {}, **more,
    }  # fmt: skip


def policy(sensitivity: str = "public") -> str:
    """A paper on policy in the site's programme; its source."""
    claims = [
        claim("voted in favour", "treaty.vote", "voted in favour", period="2019"),
        claim("has not joined", "treaty.status", "not joined", polarity="negated", period="as-of 2022",
              scope={"definition": "CCM"}),
        claim("accused Kestria of laying mines", "use.event", True, subject="Kestria", claimant="Ludovia", stance="alleged"),
        claim("denied the accusation", "use.denial", False, subject="Kestria", claimant="Kestria", stance="denied",
              polarity="negated"),
    ]  # fmt: skip
    passages = [{"number": 1, "kind": "paragraph", "start": 0, "end": len(TEXT) - 1}]
    made = NewRendition(text=TEXT, extractor="text", extractor_version="1", passages=passages, notes=[], claims=claims)
    source = NewSource(
        data=TEXT.encode(), filename="policy.txt", media_type="text/plain", received=date(2026, 2, 1), title="Policy paper",
        publisher="Watch", sensitivity=sensitivity,
    )  # fmt: skip
    receipt = write([], actor=DEMO, reason="A paper", source=source, renditions=[made], clock=fixed_clock(CHANGED))
    assert receipt.source is not None
    return receipt.source


def page(site: Site, query: str = "") -> str:
    answer = site.client.get(f"/timeline/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_without_policy_it_says_what_would_stand_here(site: Site) -> None:
    assert "Here would stand treaties" in page(site)


def test_events_stand_by_year_newest_first_and_lead_to_their_sentences(site: Site) -> None:
    source = policy()
    shown = page(site)
    assert re.findall(r'<h2 id="y(\d+)"', shown) == ["2022", "2021", "2019"]
    start = TEXT.index("voted in favour")
    assert f'href="/source/{source}/?at={start}#c-{start}"' in shown
    assert "(CCM)" in shown
    assert shown.count("proposed, not reviewed") == 4


def test_a_reply_stands_with_its_accusation(site: Site) -> None:
    policy()
    shown = page(site, "?family=allegations")
    assert shown.count('<div class="when">') == 1
    places = [shown.index(words) for words in ("“accused Kestria of laying mines”", "<b>reply:</b>", "“denied the accusation”")]
    assert places == sorted(places)


def test_filters_narrow_and_can_be_kept(site: Site) -> None:
    source = policy()
    assert page(site, "?claimant=Kestria").count('<div class="when">') == 1
    assert page(site, "?from=2020&to=2021").count('<div class="when">') == 1
    assert page(site, f"?source={source}").count('<div class="when">') == 3
    assert "Nothing fits this filter" in page(site, "?source=0000")
    assert "Nothing fits this filter" in page(site, "?from=2030")
    assert page(site, "?from=soon").count('<div class="when">') == 3


def test_it_is_reached_from_the_evidence_and_speaks_three_languages(site: Site) -> None:
    policy()
    assert 'href="/timeline/"' in site.client.get("/sources/").content.decode()
    for language, words in (("az", "Siyasətin xronologiyası"), ("ru", "Хронология политики")):
        site.client.post("/language/", {"language": language, "next": "/"})
        assert words in page(site)
    translation.deactivate()
