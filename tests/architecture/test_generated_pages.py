"""Pages made from the program are committed as the program makes them."""

from pathlib import Path

import pytest

from clearland.cli import docs

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


@pytest.mark.parametrize("name", ["data-dictionary.md", "command-line.md", "checks.md"])
def test_a_generated_page_is_up_to_date(name: str) -> None:
    assert (REFERENCE / name).read_text(encoding="utf-8") == docs.pages()[name], "run make docs"


def test_every_page_that_is_made_is_compared_and_every_command_stands_in_its_own(tmp_path: Path) -> None:
    docs.main(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"data-dictionary.md", "command-line.md", "checks.md"}
    page = (tmp_path / "command-line.md").read_text(encoding="utf-8")
    for command in ("init", "demo", "serve", "verify", "add", "check", "claims", "disagreements", "balance", "figures", "trace",
                    "report", "bench", "dictionary check"):  # fmt: skip
        assert f"\n## clearland {command}\n" in page
    assert "`--from FROM`" in page or "`--from START`" in page
