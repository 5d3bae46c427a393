"""The page of what is cited and not held."""

from tests.web.conftest import Site


def test_a_note_is_told_in_the_reader_and_on_the_list(site: Site) -> None:
    page = site.client.get(f"/source/{site.source}/").content.decode()
    assert "2023-05-03" in page
    page = site.client.get("/cited/").content.decode()
    assert "Letter" in page
    key = page.partition('name="key" value="')[2].partition('"')[0]
    assert site.client.post("/cited/decide", {"key": key, "holding": "requested"}).headers["Location"] == "/cited/"
    page = site.client.get("/cited/").content.decode()
    assert "asked for" in page
    record = page.partition('name="record" value="')[2].partition('"')[0]
    site.client.post("/cited/decide", {"action": "undo", "record": record})
    assert "asked for" not in site.client.get("/cited/").content.decode()
