"""Where sentences end, which notes close them, and how look-alike letters are matched."""

import pytest

from clearland.evidence.reading.homoglyphs import fold
from clearland.evidence.reading.read import read_document
from clearland.evidence.reading.sentences import sentence_spans, sentences


def _split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text, 0, len(text))]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Teams cleared 3.5 km2 in May. They left in June.", 2),
        ("Dr. Aro met Col. Bek and Lt.-Gen. Cev at 9 a.m. on Sunday.", 1),
        ("See Report No. 4, pp. 12-13, and Art. 7 of the law.", 1),
        ("J. R. Dorn of the U.S. office wrote it. It was long.", 2),
        ("The state lost the region (in the north).Following that, it rebuilt.", 2),
        ("“We have no mines.” The minister then left.", 2),
        ("He said “no mines,” and left for en.example.org the same day.", 1),
        ("It is over.… Therefore they may join.", 2),
        ("Was it 40? Perhaps. Nobody counted!", 3),
        ("The cost is $1.9 million. 300 people took part.", 2),
        ("Очищено 3 кв. км земли. Работы идут.", 2),
    ],
)
def test_sentence_ends(text: str, count: int) -> None:
    assert len(_split(text)) == count, _split(text)


def test_a_marker_belongs_to_the_sentence_it_ends() -> None:
    text = "It joined in 2003.[1] Its law followed.[2][3]Officials agreed.”[4] It is in force[5]. Nobody was tried."
    document = read_document(text.encode(), "a.txt")
    assert [(sentence.text[:9], sentence.markers) for sentence in sentences(document)] == [
        ("It joined", ("1",)),
        ("Its law f", ("2", "3")),
        ("Officials", ("4",)),
        ("It is in ", ("5",)),
        ("Nobody wa", ()),
    ]


def test_a_sentence_across_a_page_break_is_one_with_two_spans() -> None:
    text = "It has two halves. The second of them runs over the\n\nend of its page. A last one follows."
    document = read_document(text.encode(), "a.txt")
    found = list(sentences(document))
    assert [sentence.text for sentence in found] == [
        "It has two halves.",
        "The second of them runs over the end of its page.",
        "A last one follows.",
    ]
    broken = found[1]
    assert len(broken.spans) == 2
    at = broken.text.index("page")
    assert text[broken.offset(at) : broken.offset(at) + 4] == "page"


def test_a_name_in_two_scripts_is_found_at_its_place_and_russian_stays() -> None:
    text = "В 2001 году the Centre (ТМАС) and “ТМАС–M”"
    mixed = text.replace("ТМАС", "TМAС")
    folded = fold(mixed)
    at = folded.text.index("TMAC")
    start, end = folded.span(at, at + 4)
    assert mixed[start:end] == "TМAС"
    assert folded.text.startswith("В 2001 году")
    assert '"' in folded.text


def test_raised_figures_are_not_made_numbers() -> None:
    assert fold("14 km² and ﬁve").text == "14 km² and five"
