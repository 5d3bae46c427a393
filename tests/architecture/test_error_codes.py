"""Every code of an error or finding is explained in one page, and nothing is explained that cannot be met."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "clearland"
PAGE = ROOT / "docs" / "reference" / "errors.md"
# Errors, geometry, information, land, warnings; the bench's peers and ranges of letters have one part only.
CODE = re.compile(r"(?<![\w-])(?:[EIWQ]-[A-Z]+(?:-[A-Z0-9]+)+|[GL]-[A-Z]+(?:-[A-Z0-9]+)*)(?![\w-])")


def codes_in(text: str) -> set[str]:
    return set(CODE.findall(text))


def used() -> set[str]:
    """Codes in the program's modules and templates."""
    paths = [path for path in SOURCE.rglob("*") if path.suffix in (".py", ".html", ".yaml")]
    return set().union(*(codes_in(path.read_text(encoding="utf-8")) for path in paths))


def explained() -> list[str]:
    """Codes in the first column of the page's tables."""
    return re.findall(r"^\| `([A-Z0-9-]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)


def test_every_code_is_explained_and_none_is_unused() -> None:
    assert sorted(used() - set(explained())) == []
    assert sorted(set(explained()) - used()) == []


def test_each_is_explained_once_with_what_to_do() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert len(explained()) == len(set(explained())) > 150
    for line in page.splitlines():
        if line.startswith("| `"):
            code, meaning, remedy = (cell.strip() for cell in line.strip("|").split("|"))
            assert len(meaning) > 10, code
            assert len(remedy) > 5, code


def test_the_search_for_codes_finds_them() -> None:
    text = 'raise X("E-ADD-FILE", f"G-NULL and W-GEOM-TWICE"), [A-Z], re"E-X", not-E-ADD-FILES-x'
    assert codes_in(text) == {"E-ADD-FILE", "G-NULL", "W-GEOM-TWICE"}
