"""Every check at full size, into `docs/proof.md`: `python -m tests.proof [SIZE] [PART...]`. Exit 1 when a check fails."""

import sys
from collections.abc import Sequence

from clearland.work.programme import setup

setup()  # Django must know its apps before any module with a model is imported

from clearland.work.bench.run import DEFAULT_SIZE  # noqa: E402
from tests.proof.parts import PARTS, ROOT, keep, kept, prove  # noqa: E402
from tests.proof.report import markdown  # noqa: E402


def main(arguments: Sequence[str]) -> int:
    """Exit code: 0 when every check of the parts that were run holds, 2 when a part is not known."""
    size = next((int(each) for each in arguments if each.isdigit()), DEFAULT_SIZE)
    names = [each for each in arguments if not each.isdigit()] or list(PARTS)
    if unknown := [name for name in names if name not in PARTS]:
        sys.stderr.write(f"No part {', '.join(unknown)}: the parts are {', '.join(PARTS)}.\n")
        return 2
    docs, held = ROOT / "docs", True
    for name in names:
        part = prove(name, size)
        keep(part, docs / "proof")
        (docs / "proof.md").write_text(markdown(kept(docs / "proof")), encoding="utf-8")
        held = held and part.ok
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
