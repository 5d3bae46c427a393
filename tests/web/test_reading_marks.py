"""Claims marked in place: nothing of the text is lost, moved or left unescaped."""

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from clearland.web.reading_marks import Marked, Marker, Span


def plain(marked_up: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", marked_up))


@st.composite
def texts_with_spans(draw):
    text = draw(st.text(st.sampled_from("ab <&>\"'é\U0001f4a3\n"), min_size=1, max_size=60))
    pairs = draw(st.lists(st.tuples(st.integers(0, len(text)), st.integers(0, len(text))), max_size=8))
    return text, [Span(min(p), max(p), str(n), "says <this>") for n, p in enumerate(pairs) if p[0] != p[1]]


@given(texts_with_spans())
def test_every_character_stays_and_every_claim_is_marked_where_it_stands(case):
    text, spans = case
    marked = Marked(text, spans, [], {}).html(0, len(text))
    assert plain(marked) == text
    for span in spans:
        pieces = re.findall(r'<mark data-claims="([\d ]+)" title="[^"]*">(.*?)</mark>', marked, re.DOTALL)
        own = "".join(html.unescape(body) for keys, body in pieces if span.key in keys.split())
        assert own == text[span.start : span.end]
        assert f'id="c-{span.start}"' in marked


def test_note_markers_lead_to_their_bodies_and_missing_bodies_say_so():
    marked = Marked("Land.[4] More.[5]", [], [Marker(5, 8, "4", 1, False), Marker(14, 17, "5", 1, True)], {9: "4"}).html(0, 17)
    assert '<a id="m-4-1" href="#n-4">[4]</a>' in marked
    assert '<span class="anchor" id="n-4"></span>More.' in marked
    assert 'href="#n-5"' not in marked
    assert "no text for this note" in marked
