"""Every story in `told/` comes out as written, and again with its events told in the opposite order."""

from pathlib import Path

import pytest

from tests.stories.notation import find, number, parse

TOLD = sorted((Path(__file__).parent / "told").glob("*.txt"))


def check(story):
    for question in story.questions:
        result = story.answer(question)
        assert result.gap_m2 <= 1
        for names, numbers in question.expected:
            row = find(result, names)
            for column, expected in numbers.items():
                assert number(row, column) == pytest.approx(expected, abs=2), f"{names} {column}"
        codes = [finding.code for finding in result.findings]
        for code in question.findings:
            assert code in codes
        if question.no_finding:
            assert codes == []


@pytest.mark.parametrize("path", TOLD, ids=lambda path: path.stem)
def test_story(path):
    story = read(path)
    assert story.questions
    check(story)


def read(path):
    return parse(path.read_text(encoding="utf-8"))


def told_once(story):
    """Whether no record is told twice: a second telling is a change, and changes have an order."""
    names = [(event.name, event.when if event.verb == "redraw" else None) for event in story.events]
    return len(names) == len(set(names))


@pytest.mark.parametrize("path", [path for path in TOLD if told_once(read(path))], ids=lambda path: path.stem)
def test_order_of_arrival_changes_nothing(path):
    story = read(path)
    story.events.reverse()
    check(story)
