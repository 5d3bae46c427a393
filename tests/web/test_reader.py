"""The reader: claims marked where they stand, notes bound both ways, the file as received never run."""

from clearland.ledger.rows import claims
from tests.web.conftest import TEXT, Site, reader


def test_claims_are_marked_in_place_and_listed_in_the_margin(site: Site) -> None:
    page = site.client.get(f"/source/{site.source}/").content.decode()
    assert f'<span class="anchor" id="c-{site.claim_start}"></span><mark data-claims="1"' in page
    assert ">3.52 km²</mark>" in page
    assert f'<a href="#c-{site.claim_start}">' in page
    assert "The Office · reported · 2022" in page


def test_notes_lead_there_and_back(site: Site) -> None:
    page = site.client.get(f"/source/{site.source}/").content.decode()
    assert '<a id="m-1-1" href="#n-1">[1]</a>' in page
    assert '<span class="anchor" id="n-1"></span>' in page
    assert 'href="#m-1-1"' in page


def test_markup_in_a_source_stays_text(site: Site) -> None:
    page = site.client.get(f"/source/{site.source}/").content.decode()
    assert "A &lt;b&gt;bold&lt;/b&gt; claim &amp; more." in page


def test_a_claim_has_an_address_of_its_own(site: Site) -> None:
    (claim,) = claims(reader())
    answer = site.client.get(f"/claim/{claim.ref}/")
    assert answer.headers["Location"] == f"/source/{site.source}/?at={site.claim_start}#c-{site.claim_start}"


def test_the_file_as_received_is_an_attachment_with_the_same_bytes(site: Site) -> None:
    answer = site.client.get(f"/source/{site.source}/file")
    assert b"".join(answer.streaming_content) == TEXT.encode()  # type: ignore[attr-defined]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Type"] == "application/octet-stream"


def test_search_finds_sentences_and_records(site: Site) -> None:
    page = site.client.get("/search/?q=cleared").content.decode()
    assert f'href="/source/{site.source}/?at=' in page
    assert "<mark>cleared</mark>" in page
    number = site.client.get("/search/?q=SYN-HAZARD-00002").content.decode()
    assert f"/record/{site.changed_hazard}/" in number
    assert "<script" not in site.client.get("/search/?q=<script>alert(1)</script>").content.decode().split("<main")[1]
