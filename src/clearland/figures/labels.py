"""The words for members of a dimension: code lists first, a readable form of the code where no list has it."""

from functools import lru_cache

from clearland.dictionary.model import Dictionary


@lru_cache(maxsize=8)
def _words(dictionary: Dictionary, language: str) -> dict[str, str]:
    words: dict[str, str] = {}
    for name in sorted(dictionary.lists):
        for code in dictionary.lists[name].codes:
            words.setdefault(code.code, code.label(language))
    return words


def member_label(dictionary: Dictionary, code: str, language: str) -> str:
    """What a reader sees for a code such as `CHA`, `cancelled` or `AP+AV` (a joined set)."""
    words = _words(dictionary, language)
    if code in words:
        return words[code]
    if "+" in code:
        return " + ".join(words.get(part, part) for part in code.split("+"))
    return code.replace("_", " ")


def attribute_label(dictionary: Dictionary, attribute: str, language: str) -> str:
    """The words for a claim's attribute; what stands after a known code (`treaty.status.CCM`) is kept beside it."""
    head = attribute
    while head:
        found = dictionary.attributes.get(head)
        if found is not None:
            rest = attribute[len(head) :].strip(". ")
            return f"{found.label(language)} ({rest})" if rest else found.label(language)
        head = head[: max(head.rfind("."), head.rfind(" "), 0)]
    return attribute
