"""A web page taken apart: where its content is, which links lead to notes, what its head says."""

import re
from dataclasses import dataclass, field
from itertools import islice

from lxml import etree

NEVER = frozenset(
    {
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "object",
        "embed",
        "applet",
        "svg",
        "math",
        "canvas",
        "audio",
        "video",
        "map",
        "button",
        "select",
        "option",
        "input",
        "textarea",
        "label",
        "head",
        "nav",
        "footer",
        "aside",
        "dialog",
        "menu",
        "frameset",
    }
)
_ASIDE_ROLES = frozenset(
    {"navigation", "banner", "contentinfo", "search", "complementary", "menu", "menubar", "dialog", "toolbar"}
)
_ASIDE_NAMES = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|submenu|breadcrumbs?|sidebar|footer|masthead|share|sharing"
    r"|social|cookies?|banner|search|skip|"
    r"related|pagination|pager|toolbar|newsletter|subscribe|advert|ads|popup|modal|print|sr-only|visually-hidden"
    r"|screen-reader-text)(?:$|[\s_-])",
    re.IGNORECASE,
)
_MAIN = (
    "//main",
    "//*[@role='main']",
    "//article",
    "//*[@id='content' or @id='main' or @id='main-content' or @id='maincontent']",
    "//*[contains(concat(' ', @class, ' '), ' content ') or contains(concat(' ', @class, ' '), ' main-content ') "
    "or contains(concat(' ', @class, ' '), ' entry-content ')]",
)
_MIN_MAIN_SHARE = 0.4
_LABEL = re.compile(r"^[\[(]{0,2} ?(\d{1,4}) ?[\])]{0,2}$")
_MAX_LABEL = 12
_NOTE_TARGET = re.compile(r"(?:^|[_:.-])(?:_?(?:ftn|edn|fn|en)|(?:foot|end)?notes?|sdfootnote|cite|ref)", re.IGNORECASE)
_BACK_TARGET = re.compile(r"(?:ref|anc|back|rtn|source|txt)", re.IGNORECASE)
_LINK_SHARE = 0.8
_MENU_PARTS = 400
_MAX_CANDIDATES = 20
_MAX_DEPTH = 100
_MENU_WORD_CHARACTERS = 40


@dataclass
class NoteLinks:
    """Links of a page that are note marks.

    bodies  id of a note's body -> its label; marks  ids where marks stand (links back lead there)
    """

    bodies: dict[str, str] = field(default_factory=dict)
    marks: set[str] = field(default_factory=set)


def label_of(words: str) -> str:
    """The number a note's mark shows, brackets or none; empty where the words are no mark."""
    shown = words.strip()
    match = _LABEL.match(shown) if len(shown) <= _MAX_LABEL else None
    return match.group(1) if match else ""


def is_aside(element: "etree._Element", depth: int) -> bool:
    """Site furniture or hidden: left out with all it holds. Names of boxes count in the upper levels of a page only."""
    if not isinstance(element.tag, str) or element.tag in NEVER:
        return True
    if element.get("role", "") in _ASIDE_ROLES or element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    style = element.get("style", "").replace(" ", "").lower()
    if "display:none" in style or "visibility:hidden" in style:
        return True
    if element.tag in {"html", "body", "main", "article", "form", "p", "li", "a", "span", "sup"}:
        return False
    if element.tag == "header":
        return element.find(".//h1") is None
    names = f"{element.get('class', '')} {element.get('id', '')}"
    if depth > _MAX_DEPTH or not _ASIDE_NAMES.search(names):
        return False
    return len(list(islice(element.iter("p"), 3))) < 3 and element.find(".//h1") is None


def is_menu(element: "etree._Element") -> bool:
    """A list or row of at least three short links and little else."""
    if element.tag not in {"ul", "ol", "div", "p", "td", "tr"}:
        return False
    # Bounded: a page of nested boxes would otherwise be walked once per box.
    parts = list(islice(element.iter(), _MENU_PARTS + 1))
    links = [part for part in parts if part.tag == "a"]
    if len(parts) > _MENU_PARTS or len(links) < 3:
        return False
    words = [" ".join("".join(link.itertext()).split()) for link in links]
    inside = sum(len(link) for link in words)
    whole = len(" ".join("".join(element.itertext()).split()))
    short = inside / len(links) <= _MENU_WORD_CHARACTERS
    return whole > 0 and inside >= _LINK_SHARE * whole and short and not any(label_of(link) for link in words)


def find_main(root: "etree._Element") -> "etree._Element":
    """The part that holds the content: a declared one if it has a fair share of the text, else the whole body."""
    body = root.find(".//body")
    if body is None:
        body = root
    whole = _text_length(body)
    for path in _MAIN:
        found = root.xpath(path)[:_MAX_CANDIDATES]
        best = max(found, key=_text_length, default=None)
        if best is not None and _text_length(best) >= _MIN_MAIN_SHARE * whole:
            return best
    return body


def notes_outside(main: "etree._Element", links: NoteLinks) -> "list[etree._Element]":
    """What holds the bodies of notes after the content: the boxes that its numbered links lead to, else, where no link
    binds them, the numbered list that its raised numbers count."""
    if links.bodies:
        return _boxes_of_bodies(main, links)
    marks = {label_of("".join(mark.itertext())) for mark in main.iter("sup") if mark.find(".//a") is None} - {""}
    if not marks:
        return []
    for found in islice(main.xpath("following::ol"), _MAX_CANDIDATES):
        if len(found.findall("./li")) >= max(int(mark) for mark in marks) >= 1:
            return [found]
    return []


def _boxes_of_bodies(main: "etree._Element", links: NoteLinks) -> "list[etree._Element]":
    """The lists or boxes after the content in which linked bodies of notes stand, each once."""
    boxes: list[etree._Element] = []
    for element in main.xpath("following::*[@id or @name]"):
        if not ({element.get("id"), element.get("name")} & links.bodies.keys()):
            continue
        box = next((part for part in element.iterancestors("ol", "ul")), element)
        if not any(box is known or known in box.iterancestors() for known in boxes):
            boxes.append(box)
    return boxes


def _text_length(element: "etree._Element") -> int:
    return sum(len(part.text or "") + len(part.tail or "") for part in element.iter(etree.Element) if part.tag not in NEVER)


def note_links(root: "etree._Element") -> NoteLinks:
    """Which ids are bodies of notes (a numbered link leads there) and which are marks."""
    links = NoteLinks()
    ids = {name for element in root.iter(etree.Element) for name in (element.get("id"), element.get("name")) if name}
    for link in root.iter("a"):
        href = link.get("href", "")
        target = href[1:] if href.startswith("#") else ""
        label = label_of("".join(link.itertext()))
        if not target or not label or target not in ids:
            continue
        parent = link.getparent()
        raised = link.find(".//sup") is not None or (parent is not None and parent.tag == "sup")
        if (raised or _NOTE_TARGET.search(target)) and not _leads_back(target):
            links.bodies.setdefault(target, label)
            for element in (link, parent):
                if element is None:
                    continue
                links.marks |= {name for name in (element.get("id"), element.get("name")) if name}
    return links


def _leads_back(target: str) -> bool:
    """`_ftnref1`, `fnref:1`, `cite_ref-1` are where the mark stands; `cite_note-1`, `ref-1` (a list of
    references) are bodies.
    """
    found = _BACK_TARGET.search(target)
    return found is not None and found.start() > 0


def page_metadata(root: "etree._Element | None") -> dict[str, str]:
    """Title, publisher, author, language and date from the page's head, where it states them."""
    if root is None:
        return {}
    found: dict[str, str] = {}
    names = {
        "og:title": "title",
        "dc.title": "title",
        "og:site_name": "publisher",
        "dc.publisher": "publisher",
        "author": "author",
        "dc.creator": "author",
        "article:published_time": "document_date",
        "dc.date": "document_date",
        "date": "document_date",
    }
    for meta in root.iter("meta"):
        name = (meta.get("property") or meta.get("name") or "").lower()
        value = " ".join((meta.get("content") or "").split())
        if name in names and value:
            found.setdefault(names[name], value[:500])
    title = root.find(".//title")
    if title is not None and title.text and title.text.strip():
        found.setdefault("page_title", " ".join(title.text.split())[:500])
    if root.get("lang"):
        found["language"] = root.get("lang")[:20]
    return found
