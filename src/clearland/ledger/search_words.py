"""What a query asks for: words in any spelling, phrases, and names under all they are known by.

The words themselves are those of `core.words`, for what is indexed and for what is asked alike.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from clearland.core.words import Word, folded_name, readings, words_of

PREFIX_FROM = 3
_LONGEST_NAME = 8  # words
Variants = Callable[[str], Sequence[str]]


@dataclass(frozen=True)
class Term:
    """Words in a row as the index keeps them; a single one with `prefix` also stands for longer words."""

    words: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True)
class Wanted:
    """One condition of a query: any of these terms."""

    terms: tuple[Term, ...]


def no_variants(_name: str) -> Sequence[str]:
    """Where no names are known."""
    return ()


def parse(query: str, variants: Variants = no_variants) -> list[Wanted]:
    """What a query asks for, all of it together: words, phrases between double quotes, and names.

    `variants` gives, for a folded name of one or more words, its other spellings; nothing for what is no name.
    """
    wanted: list[Wanted] = []
    for number, part in enumerate(query.split('"')):
        found = [(word, part[word.start : word.end]) for word in words_of(part)]
        if number % 2:
            if found:
                wanted.append(Wanted((Term(tuple(word.stem for word, _ in found)), *_spelled(part, variants))))
        else:
            wanted += _conditions(found, variants)
    return wanted


def _conditions(found: Sequence[tuple[Word, str]], variants: Variants) -> Iterator[Wanted]:
    """Each word a condition of its own, but for the longest runs of words that are a name."""
    at = 0
    while at < len(found):
        for length in range(min(_LONGEST_NAME, len(found) - at), 0, -1):
            run = found[at : at + length]
            spelled = _spelled(" ".join(written for _word, written in run), variants)
            if spelled or length == 1:
                own = _single(*run[0]) if length == 1 else (Term(tuple(word.stem for word, _ in run)),)
                yield Wanted((*own, *spelled))
                at += length
                break


def _single(word: Word, written: str) -> tuple[Term, ...]:
    """A word by its stem, and by every way it may be read, as it stands or as the beginning of a longer one."""
    forms = [Term((form,), prefix=len(form) >= PREFIX_FROM) for form in readings(written)]
    return tuple(dict.fromkeys([*forms, Term((word.stem,))]))


def _spelled(name: str, variants: Variants) -> tuple[Term, ...]:
    found = (tuple(word.stem for word in words_of(each)) for each in variants(folded_name(name)))
    return tuple(dict.fromkeys(Term(words) for words in found if words))


def marks(text: str, wanted: Iterable[Wanted]) -> list[tuple[int, int]]:
    """Where words of a text meet a query, as code points, end exclusive. A row of words is marked where it stands whole."""
    terms = [term for each in wanted for term in each.terms]
    rows = [term.words for term in terms if len(term.words) > 1]
    single = {term.words[0] for term in terms if len(term.words) == 1}
    beginnings = tuple(term.words[0] for term in terms if term.prefix)
    found = list(words_of(text))
    stems = [word.stem for word in found]
    spans = [
        (word.start, word.end)
        for word in found
        if word.stem in single or word.folded in single or (beginnings and word.folded.startswith(beginnings))
    ]
    for row in rows:
        for at in range(len(stems) - len(row) + 1):
            if tuple(stems[at : at + len(row)]) == row:
                spans.append((found[at].start, found[at + len(row) - 1].end))
    return sorted(set(spans))


