"""Laws of reading: nothing lost, nothing twice, everything inside; and no failure but a refusal."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearland.core.errors import ClearlandError
from clearland.evidence.reading.document import Document
from clearland.evidence.reading.homoglyphs import fold
from clearland.evidence.reading.read import read_document
from clearland.evidence.reading.sentences import sentence_spans, sentences

_PIECES = st.sampled_from(
    [
        "Policy",
        "Part I",
        "PART II",
        "If yes:",
        "If no:",
        "N/A",
        "1. Has your state signed?",
        "- 2. Please describe.**",
        "(b) How many?",
        "[1] Ibid., p. 4.",
        "[2] Interview with the director, 3 May 2004; Report, p. 9.",
        "Notes",
        "Georgia",
        "Last updated: 3 May 2004",
        "The team cleared 3.5km2 in 2003.[1] It went on",
        "and ended later.",
        "• Performance",
        "    Not Applicable",
        "Status |",
        "A | b | c |",
        "One sentence ends here.“A title”, Publisher, 3 May 2004, at: The next one begins.",
        "¹ A raised note.",
        "km²",
        "- item",
        "  ",
        "\u00a0",
        "…",
        "QUESTIONNAIRE ON SMALL THINGS",
        "Key points since May 2004: As of June the whole team had left the northern field, and nobody came back to it.",
        "see the response to Question 1, Part I.",
        "A line that goes on and on until the place where the text was wrapped by",
        "** bold **",
        "|",
        "-",
        "1",
        "2.",
    ]
)
_TEXTS = st.one_of(
    st.text(max_size=400),
    st.lists(st.tuples(_PIECES, st.sampled_from(["\n", "\n\n", "\n\n\n", " ", "\r\n", "\f", "\u2028", ""])), max_size=25).map(
        lambda parts: "".join(piece + gap for piece, gap in parts)
    ),
)


def _outcome(data: bytes, name: str) -> Document | ClearlandError:
    try:
        return read_document(data, name)
    except ClearlandError as error:
        return error


def _check(document: Document) -> None:
    covered = 0
    for number, passage in enumerate(document.passages):
        assert passage.number == number
        assert covered <= passage.start < passage.end <= len(document.text)
        assert not document.text[covered : passage.start].strip()
        covered = passage.end
    assert not document.text[covered:].strip()
    for note in document.notes:
        for start, end in note.markers:
            assert 0 <= start < end <= len(document.text)
        if note.body_start is not None:
            assert note.body_end is not None
            assert note.body_start < note.body_end <= len(document.text)
    for sentence in sentences(document):
        for start, end in sentence.spans:
            assert 0 <= start < end <= len(document.text)


@given(_TEXTS)
@settings(max_examples=300, deadline=None)
def test_passages_cover_every_visible_character_once_and_in_order(text: str) -> None:
    result = _outcome(text.encode("utf-8", "surrogatepass"), "any.txt")
    if isinstance(result, Document):
        _check(result)


@given(st.lists(_PIECES, min_size=1, max_size=20))
@settings(max_examples=100, deadline=None)
def test_the_rendition_of_a_text_file_is_its_decoded_bytes(lines: list[str]) -> None:
    text = "\r\n".join(lines)
    if text.strip():
        assert read_document(text.encode(), "a.txt").text == text


@given(
    st.one_of(
        st.binary(max_size=600),
        st.binary(max_size=300).map(lambda tail: b"%PDF-1.4\n" + tail),
        st.binary(max_size=300).map(lambda tail: b"PK\x03\x04" + tail),
        st.binary(max_size=300).map(lambda tail: b"<html><body><p>" + tail),
    )
)
@settings(max_examples=250, deadline=None)
def test_arbitrary_bytes_are_read_or_refused_and_nothing_else(data: bytes) -> None:
    for name in ("x.txt", "x.html", "x.pdf", "x.docx"):
        result = _outcome(data, name)
        if isinstance(result, Document):
            _check(result)
        else:
            assert result.code.startswith("E-DOC-")
            assert result.remedy
            assert result.place.file == name


_MARKUP = st.lists(
    st.sampled_from(
        [
            "<p>",
            "</p>",
            "<div id=ftn1>",
            "</div>",
            "<ul>",
            "<ol start=3>",
            "<li>",
            "</li>",
            "</ul>",
            "</ol>",
            "<table>",
            "<tr>",
            "<td>",
            "<th>",
            "</td>",
            "</tr>",
            "</table>",
            "<h1>",
            "</h1>",
            "<h3>",
            "</h3>",
            "<br>",
            "<sup>",
            "</sup>",
            "<a href='#_ftn1' name='_r'>[1]</a>",
            "<a name='_ftn1' href='#_r'>[1]</a>",
            "<b>",
            "</b>",
            "<script>",
            "</script>",
            "<span class=footnote>",
            "</span>",
            "Some words.",
            "1",
            " ",
            "|",
            "<nav>",
            "</nav>",
            "<form>",
            "</form>",
            "<!--",
            "-->",
            "&#0;",
            "&nbsp;",
            "Title",
            "<sub>",
            "</sub>",
        ]
    ),
    max_size=40,
).map("".join)


@given(_MARKUP)
@settings(max_examples=200, deadline=None)
def test_any_markup_gives_passages_that_cover_its_own_rendition(markup: str) -> None:
    result = _outcome(f"<html><body>{markup}</body></html>".encode(), "a.html")
    if isinstance(result, Document):
        _check(result)
    else:
        assert result.code == "E-DOC-NO-TEXT"


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_sentences_of_any_text_are_in_order_and_lose_nothing(text: str) -> None:
    position = 0
    for start, end in sentence_spans(text, 0, len(text)):
        assert position <= start < end
        assert not text[position:start].strip()
        position = end
    assert not text[position:].strip()


@given(st.text(alphabet=st.sampled_from("abcАВСан“”–…ﬁ\u00ad\u200b² х.,"), max_size=60), st.data())
@settings(max_examples=200, deadline=None)
def test_a_span_of_folded_text_leads_back_to_characters_that_fold_to_it(text: str, data: st.DataObject) -> None:
    folded = fold(text)
    assert len(folded.origins) == len(folded.text) + 1
    assert list(folded.origins) == sorted(folded.origins)
    if not folded.text:
        return
    start = data.draw(st.integers(0, len(folded.text) - 1))
    end = data.draw(st.integers(start + 1, len(folded.text)))
    first, last = folded.span(start, end)
    assert 0 <= first < last <= len(text)
    # A letter that folds to several cannot be halved: the span of the source covers at least what was asked for.
    whole = [index for index in range(len(folded.text)) if first <= folded.origins[index] < last]
    assert whole[0] <= start
    assert whole[-1] >= end - 1


def test_a_law_can_fail() -> None:
    document = read_document(b"One paragraph of words that ends here.", "a.txt")
    shorter = Document(
        **{**{name: getattr(document, name) for name in document.__dataclass_fields__}, "text": document.text + " lost"}
    )
    with pytest.raises(AssertionError):
        _check(shorter)
