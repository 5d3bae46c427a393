"""Documents of our own that are made in the test: a report in DOCX with footnotes, a chapter in PDF with two columns."""

from collections.abc import Callable, Mapping

from tests.evidence.reading.builders import column, docx, paragraph, pdf

_WIDE = 50  # signs of one column's line
_REVIEW = (
    ("Heading1", "Evaluation of the Mine Action Programme of Vestria"),
    ("", "Prepared for the Ministry of Defence of Vestria by Northfield Consulting, October 2018"),
    ("Heading1", "1. Background"),
    ("", "The conflict of 1996 to 1999 left mines in four of the seven districts of Vestria.^1 A survey of 2003 put the area at "
     "96 km2, which later proved to be far too high. By the end of 2017, 88.2 km2 had been released, 71 per cent of it by "
     "cancellation. The evaluators found that no records of cancelled land exist before 2009."),
    ("Heading1", "2. Results in 2017"),
    ("", "Operators cleared 1.6 km2 and reduced 0.9 km2 in the year. They found 388 mines; of these, 341 were anti-personnel and "
     "47 anti-tank. In eleven of 52 tasks nothing was found.^2 Each square metre cost 1.90 euros, against 2.35 euros in 2016."),
    ("", "The Vestria Mine Action Office (VMAO) employs 34 people, eight fewer than planned. It closed 19 tasks and rejected "
     "two. None of the rejected tasks has been repeated."),
    ("Heading1", "3. Victims"),
    ("", "Two children were killed in May 2017 and a woman lost an arm in September. There were no accidents among deminers. The "
     "register holds 742 survivors, of whom 80 per cent receive a pension, according to the Ministry of Social Affairs.^3"),
    ("Heading1", "4. Recommendations"),
    ("", "VMAO should re-survey the remaining 7.8 km2 by the end of 2019."),
    ("", "The Ministry of Defence should publish the results of quality control."),
)  # fmt: skip
_REVIEW_NOTES = (
    "Ministry of Defence of Vestria, “Mine situation,” 12 June 2018.",
    "VMAO database, extract of 3 September 2018. VMAO said that two of the eleven were minefields on paper only.",
    "Letter of 21 August 2018.",
)
_CHAPTER = (
    ("Clearing the Mines 2019", ""),
    ("NEROVA", ""),
    ("KEY DATA", "Article 5 deadline: 1 June 2023. Anti-personnel mine contamination: medium, 6.3 km2. Land released in 2018: "
     "0.81 km2. Mines destroyed in 2018: 512."),
    ("KEY DEVELOPMENTS", "Nerova adopted a new strategy in November 2018. Output of clearance rose by a third. The national mine "
     "action centre lost its only office in the south in a fire."),
    ("UNDERSTANDING OF CONTAMINATION", "At the end of 2018, Nerova had 48 confirmed mined areas covering 5.1 km2 and nine "
     "suspected ones of 1.2 km2. A year before, it had reported 7.0 km2. No survey has been made in the military zone of Dar."),
    ("LAND RELEASE OUTPUTS", "In 2018, the centre and its two partners cleared 0.44 km2 and cancelled 0.37 km2. Nothing was "
     "reduced by technical survey. Of the 512 mines destroyed, 500 were found in clearance and the rest in spot tasks. Three "
     "deminers were injured in two accidents; none died."),
    ("NATIONAL OWNERSHIP", "The state pays 60 per cent of all costs. It gave EUR 2.2 million in 2018 and has promised 2.6 "
     "million for 2019. Norway and Sweden gave the remainder."),
    ("RECOMMENDATIONS", "Nerova should survey the military zone of Dar. Nerova should report on improvised mines separately."),
)  # fmt: skip


def _marked(text: str) -> tuple[str, str]:
    """A paragraph's first run, and its further runs with a footnote where the text has `^n`."""
    first, *rest = text.split("^")
    runs = ""
    for part in rest:
        number, words = part[0], part[1:]
        runs += f'<w:r><w:footnoteReference w:id="{number}"/></w:r><w:r><w:t xml:space="preserve">{words}</w:t></w:r>'
    return first, runs


def review() -> bytes:
    """A DOCX of headings, paragraphs and three footnotes, one of which makes a claim."""
    body = ""
    for style, text in _REVIEW:
        words, runs = _marked(text)
        body += paragraph(words, properties=f'<w:pStyle w:val="{style}"/>' if style else "", runs=runs)
    notes = "".join(
        f'<w:footnote w:id="{number}"><w:p><w:r><w:t xml:space="preserve">{words}</w:t></w:r></w:p></w:footnote>'
        for number, words in enumerate(_REVIEW_NOTES, 1)
    )
    return docx(body, footnotes=notes)


def _lines(text: str) -> list[str]:
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > _WIDE:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*lines, line] if line else lines


def chapter() -> bytes:
    """A PDF page of two columns under a title, with headings in capitals."""
    title, country, *sections = _CHAPTER
    placed = [(50.0, 790.0, 16.0, title[0]), (50.0, 765.0, 14.0, country[0])]
    told: list[str] = []
    for heading, text in sections:
        told += [heading, *_lines(text), ""]
    half = next(at + 1 for at, line in enumerate(told) if not line and at > len(told) // 2)
    for x, lines in ((50.0, told[:half]), (310.0, told[half:])):
        placed += [each for each in column(x, 730, lines) if each[3]]
    return pdf([placed])


MADE: Mapping[str, Callable[[], bytes]] = {
    "evaluation-2018-vestria.docx": review,
    "clearing-the-mines-2019-nerova.pdf": chapter,
}
