"""SYNTHETIC documents of any number and length, from a seed: prose with figures and notes, and some that are broken."""

import random
from collections.abc import Iterator
from pathlib import Path

_PLACES = ("Arden", "Corrin", "Port Lund", "Keb", "Varn")
_SENTENCES_A_PAGE = 12
BROKEN = (
    ("broken.pdf", b"%PDF-1.7 broken"), ("broken.docx", b"PK\x03\x04 broken"), ("empty.txt", b"  \n"),
    ("picture.html", b"\x89PNG\r\n"),
)  # fmt: skip


def pages(count: int, seed: int = 7) -> Iterator[str]:
    """Pages of about 2,500 characters, with notes."""
    rng = random.Random(seed)
    for page in range(count):
        told = [_sentence(rng, page * 3 + number % 3 + 1) for number in range(_SENTENCES_A_PAGE)]
        yield f"Section {page + 1}\n\n" + "\n\n".join(told)


def _sentence(rng: random.Random, note: int) -> str:
    year, amount = rng.randrange(2000, 2025), rng.randrange(1, 900)
    return (
        f"In {year}, the Mine Office reported that {amount / 10} km2 was cleared in {rng.choice(_PLACES)}. According to the "
        f"Observer, more than {amount + 3} mines were destroyed there between March and June {year}.[{note}]"
    )


def write_long(path: Path, count: int) -> None:
    """One document of many pages."""
    with path.open("w", encoding="utf-8") as file:
        file.write("SYNTHETIC report\n\n")
        for page in pages(count):
            file.write(page + "\n\n")


def write_many(folder: Path, count: int) -> list[Path]:
    """Many documents of one page, each other than the rest, then the broken ones."""
    folder.mkdir()
    made = []
    for number in range(count):
        path = folder / f"document-{number:05}.txt"
        path.write_text(f"SYNTHETIC report {number}\n\n{next(pages(1, seed=number))}", encoding="utf-8")
        made.append(path)
    for name, content in BROKEN:
        path = folder / name
        path.write_bytes(content)
        made.append(path)
    return made
