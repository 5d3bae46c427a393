"""What short lines look like: dates, document symbols, languages, contact lines, site furniture, titles, headings.

Rules are about language and layout, English first; nothing here names a document.
"""

import re

from clearland.evidence.months import FULL, SHORT
from clearland.evidence.reading.blocks import ends_sentence

MONTH = rf"(?:{'|'.join((*FULL, *SHORT))})\.?"
DATE = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s+{MONTH},?\s+\d{{4}}|{MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}"
    rf"|{MONTH}\s+\d{{4}}"
    r"|\d{1,2}[./]\d{1,2}[./]\d{4}|\d{4}-\d{2}-\d{2})"
)
BARE_DATE = re.compile(rf"^\(?{DATE}\)?$", re.IGNORECASE)
PLACE_AND_DATE = re.compile(rf"^[A-ZÀ-Þ][\w’' .-]{{1,40}},\s*(?:the\s+)?{DATE}\.?$")
ANY_DATE = re.compile(DATE)
DATED = re.compile(
    rf"^(?P<label>(?:last\s+)?(?:updated|modified|revised|reviewed|published|posted|issued|date|dated"
    rf"|publication date|released|(?:date of )?submi(?:ssion|tted))"
    rf"(?:\s+on)?)\s*:?\s*(?P<value>{DATE}|\d{{4}})\.?$",
    re.IGNORECASE,
)
SYMBOL = re.compile(
    r"^(?:No\.?\s*|Ref\.?:?\s*|Our ref\.?:?\s*)?[A-Z][A-Z0-9.]*(?:/[A-Z0-9][A-Za-z0-9.()\-]*)+(?:\s?\([A-Z]\))?\*{0,2}$"
)
LANGUAGE = re.compile(
    r"^(?:original|language)?\s*:?\s*(?:arabic|azerbaijani|chinese|english|french|german|italian|portuguese"
    r"|russian|spanish|turkish)"
    r"(?:\s+(?:only|version|original))?\.?$",
    re.IGNORECASE,
)
LABELLED = re.compile(
    r"^(?P<label>author|by|publisher|source|reporting period|period covered|reporting year|country|state party"
    r"|language|original|"
    r"ref(?:erence)?|subject|distribution|distr|classification|status|version|edition|contact|prepared by"
    r"|submitted by|encl(?:osure)?s?)"
    r"\s*:\s*(?P<value>\S.{0,150})$",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"\b(?:tel|fax|phone|telephone|e-?mail|website|p\.?\s?o\.?\s+box)\b\s*[.:]|[\w.+-]{1,64}@[\w-]{1,64}\.\w"
    r"|^https?://\S+$|^www\.\S+$",
    re.I,
)
_DISCLAIMER = re.compile(
    r"bears? no responsibility|without prejudice to|do(?:es)? not (?:necessarily )?(?:reflect|represent|imply)"
    r"|responsibility for the "
    r"content|without altering its content|all rights reserved|©|\bcopyright\b|no endorsement",
    re.IGNORECASE,
)
_SITE_WORDS = re.compile(
    r"^(?:home(?:page)?|about(?: us)?|contact(?: us)?|search|menu|login|log in|sign (?:in|up)|subscribe|donate"
    r"|share|print(?: this page)?|"
    r"sitemap|site map|help|faqs?|next|previous|back(?: to .{1,30})?|top|skip to .{1,30}|jump to .{1,30}"
    r"|read more|more|the issues|"
    r"our .{1,30}|order .{1,30}|press(?: room| releases?)?|news(?: .{1,20})?|media|publications"
    r"|resources(?: for .{1,40})?|"
    r"table of contents|contents|country (?:reports|profiles)|reports|languages?|translated .{1,40}|full report"
    r"|follow us|"
    r"related .{1,30}|tweet|facebook|twitter|privacy(?: policy)?|cookies?(?: policy)?|terms of use"
    r"|find us .{1,30}|view (?:all|more).{0,30}|"
    r"page \d+(?: of \d+)?|\d+\s*\|\s*page|page \| \d+)$",
    re.IGNORECASE,
)
_DOWNLOAD = re.compile(
    r"^(?:click here|download|to download|view|read|see) (?:the |to |here |this |as )*(?:full|download|report"
    r"|pdf|document|version)\b",
    re.I,
)
PAGE_NUMBER = re.compile(r"^(?:[-–—]\s*)?\d{1,4}(?:\s*[-–—])?$|^page\s+\d+(?:\s+(?:of|/)\s+\d+)?$|^\d+\s*\|\s*page$", re.I)
_SENTENCE_INSIDE = re.compile(r"\w{4}[.!?]\s+[A-ZÀ-Þ“]")
_VALUE_GIVEN = re.compile(r":\s+[\d$€£]")
_LEADERS = re.compile(r"(?:\.[ \u00a0]?){5,}\s*(?:\d{1,4}|[ivxl]{1,6})?$|…{2,}\s*\d{1,4}$")
# Longer lines are paragraphs; rules for short lines need not look at them.
_MAX_LINE = 300
_MAX_DISCLAIMER = 2000
_LINK_ROW = re.compile(r"\S(?:[ \u00a0]*[\u00a0][ \u00a0]+|\s{3,}|\s+[»>•·|]\s+)\S")
_TITLE_WORDS = re.compile(
    r"\b(?:(?:19|20)\d\d|report|profile|questionnaire|statement|update|policy|plan|strategy|law|resolution"
    r"|review|letter|press release|"
    r"note verbale|communiqué|declaration|act|decree|standards?|survey|assessment|programme|program)\b",
    re.IGNORECASE,
)
NON_ANSWER = re.compile(
    r"^(?:n\.?/?a\.?|not applicable|none|nil|no|yes|no information|not available|not known|unknown|[-–—]+|no change|"
    r"no (?:answer|response|reply)|idem|see above|as above)\.?$",
    re.IGNORECASE,
)
CONDITION = re.compile(r"^(?:if|where|in case|in the event)\b(?P<rest>[^.?!]{0,60}):\**$", re.IGNORECASE)
NOTES_HEADING = re.compile(r"^(?:end\s?notes?|foot\s?notes?|notes|references|sources|notes and references)\s*:?$", re.IGNORECASE)
BULLET = re.compile(r"^(?P<label>[-–—•▪◦●■►➢*·‣□✓o])\s+(?=\S)")
NUMBERED = re.compile(r"^(?:[-–—•*]\s+)?(?P<label>\(?(?:\d{1,3}|[ivxIVX]{1,5}|[a-zA-Z])[.)]|\d{1,2}(?:\.\d{1,2})+\.?)\s+(?=\S)")


def is_bare(text: str) -> bool:
    """A short line without end punctuation: what headings, titles and furniture have in common."""
    words = text.strip("* ")
    return (
        0 < len(words) <= 110
        and len(words.split()) <= 14
        and words[-1] not in ".;,!…|"
        and not ends_sentence(words.rstrip(":?"))
        and _SENTENCE_INSIDE.search(words) is None
        and any(char.isalpha() for char in words)
    )


def is_prose(text: str) -> bool:
    """A paragraph: a sentence of at least eight words that ends as sentences do, or a line too long for anything
    else.
    """
    count = len(text.split())
    return count >= 25 or (count >= 8 and ends_sentence(text))


def is_navigation(text: str) -> bool:
    """Site furniture wherever it stands: menu words, download lines, lines of signs only, page numbers, lines of
    contents.
    """
    words = text.strip("* \u00a0")
    if len(words) > _MAX_LINE:
        return not any(char.isalnum() for char in words)
    return (
        not any(char.isalnum() for char in words)
        or _SITE_WORDS.match(words) is not None
        or (_DOWNLOAD.match(words) is not None and len(words.split()) <= 25)
        or PAGE_NUMBER.match(words) is not None
        or _LEADERS.search(words) is not None
    )


def is_contact(text: str) -> bool:
    """Telephone, address of mail or web: the line of a letterhead."""
    return len(text) <= _MAX_LINE and _CONTACT.search(text) is not None


def is_disclaimer(text: str) -> bool:
    """A publisher's standing words about what it does not answer for, of one paragraph at most."""
    return len(text) <= _MAX_DISCLAIMER and _DISCLAIMER.search(text) is not None


def is_link_row(text: str) -> bool:
    """Several menu items on one line, set apart by wide space or signs."""
    return len(text) <= _MAX_LINE and _LINK_ROW.search(text) is not None and not ends_sentence(text)


def has_title_word(text: str) -> bool:
    """A year or a word such as report, profile, questionnaire: titles carry them, menus seldom do."""
    return len(text) <= _MAX_LINE and _TITLE_WORDS.search(text) is not None


def metadata_of(text: str) -> tuple[str, str] | None:
    """Label and value of a line about the document itself (date, symbol, language, author), else None."""
    words = text.strip("* ")
    if len(words) > _MAX_LINE or NON_ANSWER.match(words):
        return None
    if match := DATED.match(words) or LABELLED.match(words):
        return match["label"].lower(), match["value"].strip()
    for label, pattern in (
        ("symbol", SYMBOL),
        ("language", LANGUAGE),
        ("date", BARE_DATE),
        ("place and date", PLACE_AND_DATE),
    ):
        if pattern.match(words):
            return label, words
    return None


def is_all_caps(text: str) -> bool:
    """Whether every cased letter is a capital and there are at least four of them."""
    letters = [char for char in text if char.isalpha()]
    return len(letters) >= 4 and all(not char.islower() for char in letters)


def reads_as_heading(text: str) -> bool:
    """A bare line that may head a section: opens with a capital, a number or a quotation mark."""
    words = text.strip("* ")
    if not is_bare(words) or NON_ANSWER.match(words):
        return False
    if (words.endswith(":") and len(words.split()) > 5) or _VALUE_GIVEN.search(words):
        return False
    return words[0].isupper() or words[0].isdigit() or words[0] in "“\"'‘«" or not words[0].isalpha()
