"""What a note tells of its sources."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearland.evidence.reading.cited import cited_in, is_ibid


def told(note):
    return [(one.publication_type, one.author, one.title, one.publisher, one.published) for one in cited_in(note)]


@pytest.mark.parametrize(
    ("note", "wanted"),
    [
        ("[4] UN Mine Service, “Joint Mission Report: Varenia,” 5 November 1998, p. 13.",
         ("report", "UN Mine Service", "Joint Mission Report: Varenia", "", "1998-11-05")),
        ("A. Writer, “Mines Found in the North,” Varenia News, 27 May 2021.",
         ("press", "A. Writer", "Mines Found in the North", "Varenia News", "2021-05-27")),
        ("Interview with Jon Doe, Director, Mine Office, in Port Arden, 1 December 2010.",
         ("interview", "Director, Mine Office, in Port Arden", "Interview", "", "2010-12-01")),
        ("Statement of Varenia, Tenth Meeting of States Parties, Geneva, 29 November 2010.",
         ("statement", "", "Statement of Varenia, Tenth Meeting of States Parties, Geneva", "", "2010-11-29")),
        ("Voluntary Article 7 Report (for the period June 2000–November 2008), Form A.",
         ("treaty_report", "", "Voluntary Article 7 Report", "", "")),
        ("Mine Office, Yearly Review, June 2000, p. 34.", ("report", "Mine Office", "Yearly Review", "", "2000-06")),
    ],
)  # fmt: skip
def test_forms_of_notes(note, wanted):
    assert told(note) == [wanted]


def test_several_sources_in_one_note_and_sentences_that_are_none():
    note = "The mines are old. See Mine Monitor Report 2006, p. 844; and Mine Office, Yearly Review, June 2000, p. 35."
    assert [one.title for one in cited_in(note)] == ["Mine Monitor Report 2006", "Yearly Review"]


def test_symbol_address_and_pages():
    note = "Reply to the Questionnaire, DOC.DEL/28/00, Port Arden, 2 February 2000, p. 3, at: https://example.org/reply.pdf."
    (one,) = cited_in(note)
    assert (one.symbol, one.url, one.pages) == ("DOC.DEL/28/00", "https://example.org/reply.pdf", "p. 3")


def test_an_ibid_tells_no_source_of_its_own():
    assert is_ibid("[15] Ibid., p. 37.")
    assert cited_in("Ibid., p. 37.") == []
    assert [one.title for one in cited_in("Ibid; and A. Writer, “Mines Found,” Varenia News, 27 May 2021.")] == ["Mines Found"]


@given(st.text(alphabet="ab .,;:“”()[]0123456789pIbid", max_size=200))
def test_any_text_is_read_without_failing_and_words_stand_in_it(note):
    for one in cited_in(note):
        assert one.title
        assert one.words in " ".join(note.split())
