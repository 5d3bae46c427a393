"""maXML files: the exchange language of IMSMA NG, one `FieldReport` per data entry form.

The frame (`MineActionFieldReport`, `FieldReport`, `FieldReportInfo` and its elements, the names of the items and
`GeospatialInfo`) is public in the IMSMA wiki; the elements inside an item differ from country to country. So every leaf
becomes a cell under its own name, in lower case, and which cell fills which field is said in `fields.yaml`.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from lxml import etree
from shapely.geometry.base import BaseGeometry

from clearland.core.errors import Place, RefusedInput
from clearland.intake.folding import cell_text
from clearland.intake.imsma.model import Extract, Item, Sort, Version
from clearland.intake.imsma.rules import Rules
from clearland.intake.imsma.shapes import Corner, corner_of, geometry_of
from clearland.intake.tables import Cell

ROOT = "mineactionfieldreport"
_SORTS: dict[str, Sort] = {"hazard": "hazard", "hazardreduction": "hazreduc", "accident": "accident", "victim": "victim"}
_IDS = ("localid", "{}localid", "{}id", "id")
_LINKS = frozenset({"linkedid", "linkeditem", "linkedlocalid", "objectlink"})
_NUMBERS = ("pointno", "pointnumber", "number", "no")


def read_maxml(data: bytes, file: str, rules: Rules) -> tuple[Extract, bytes]:
    """The items of a file, and its bytes without what tells who a person is (the same bytes where nothing does).

    Raises RefusedInput E-MOVE-XML.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise _refused(file, f"The file is no XML ({error.msg}).", error.lineno) from error
    if root.getroottree().docinfo.doctype:
        raise _refused(file, "The XML declares a document type, which can hide other content.", 1)
    if _name(root) != ROOT:
        raise _refused(file, f"The file is no maXML of items: its root is {etree.QName(root).localname}.", root.sourceline)
    told: dict[tuple[Sort, str], list[tuple[int, Version]]] = defaultdict(list)
    links: list[tuple[str, str]] = []
    withheld: set[str] = set()
    for report in _children(root, "fieldreport"):
        info = next(iter(_children(report, "fieldreportinfo")), None)
        for element in report:
            sort = _SORTS.get(_name(element))
            if sort is None:
                continue
            item = _item(element, info, sort, rules)
            local_id = item.report_id
            told[sort, local_id].append((element.sourceline or 0, item.version))
            links += [(f"{sort}:{local_id}", other) for other in _linked(element)]
            if sort == "victim":
                withheld |= _blank_identity(element, rules)
    items = [_assembled(sort, local_id, versions) for (sort, local_id), versions in sorted(told.items())]
    extract = Extract(origin="maxml", items=items, links=_resolved(links, items), withheld=sorted(withheld))
    return extract, etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8") if withheld else data


def _refused(file: str, sentence: str, line: int | None) -> RefusedInput:
    return RefusedInput(
        "E-MOVE-XML", sentence, place=Place(file=file, row=line),
        remedy="Export the data entry forms from IMSMA NG as maXML again.",
    )


class _Told:
    """One item as one report tells it."""

    def __init__(self, report_id: str, version: Version) -> None:
        self.report_id = report_id
        self.version = version


def _item(element: "etree._Element", info: "etree._Element | None", sort: Sort, rules: Rules) -> _Told:
    about = dict(_leaves(info)) if info is not None else {}
    cells: dict[str, list[str]] = defaultdict(list)
    for name, text in _leaves(element):
        cells[name].append(text)
    names = [name.format(sort) for name in _IDS] + [name.format(_name(element)) for name in _IDS]
    local_id = next((cells[name][0] for name in names if name in cells), "")
    plain: dict[str, Cell] = {
        name: texts[0] if len(texts) == 1 else texts for name, texts in cells.items() if name not in (*names, *_LINKS)
    }
    identity: dict[str, str] = {}
    if sort == "victim":
        identity = {name: cell_text(cell) for name, cell in plain.items() if rules.of_person(name) == "identity"}
        plain = {name: cell for name, cell in plain.items() if rules.of_person(name) == "kept"}
    approved = bool(about.get("verifyingdate") or about.get("verifiedby"))
    version = Version(
        report=about.get("fieldreportlocalid") or about.get("fieldreportid") or about.get("fieldreportname", ""),
        reported_on=_day(about.get("reportingdate")), state="approved" if approved else "submitted", cells=plain,
        geometry=_geometry(element), identity=identity,
    )  # fmt: skip
    return _Told(local_id, version)


def _assembled(sort: Sort, local_id: str, versions: Sequence[tuple[int, Version]]) -> Item:
    """The reports of one item in the order of their dates of information, each with what the ones before said, too."""
    full: list[Version] = []
    base = Version(report="", reported_on=None, state="approved", cells={})
    for _, version in sorted(versions, key=lambda pair: (pair[1].reported_on or date.min, pair[1].report)):
        made = replace(
            version, cells={**base.cells, **version.cells}, identity={**base.identity, **version.identity},
            geometry=version.geometry if version.geometry is not None else base.geometry,
        )  # fmt: skip
        full.append(made)
        base = made if made.state == "approved" else base
    return Item(sort=sort, table=sort, guid=f"{sort}:{local_id}", local_id=local_id, row=min(line for line, _ in versions),
                versions=tuple(full))  # fmt: skip


def _resolved(links: Sequence[tuple[str, str]], items: Sequence[Item]) -> list[tuple[str, str]]:
    """Links by guid. A local id that several items bear is a link to each of them only if its sort is said."""
    by_local: dict[str, list[str]] = defaultdict(list)
    for item in items:
        by_local[item.local_id].append(item.guid)
    return sorted({(ours, by_local[other][0] if len(by_local[other]) == 1 else other) for ours, other in links})


def _linked(element: "etree._Element") -> list[str]:
    return [text for name, text in _leaves(element) if name in _LINKS]


def _geometry(element: "etree._Element") -> BaseGeometry | None:
    outlines: dict[str, list[tuple[int, Corner]]] = defaultdict(list)
    points: list[Corner] = []
    for number, shape in enumerate(each for each in element.iter() if _name(each) == "geospatialinfo"):
        whole = dict(_leaves(shape, into=True))
        is_outline = "polygon" in (whole.get("shape", "") + whole.get("shapeenum", "") + whole.get("shapetype", "")).casefold()
        for order, holder in enumerate(_with_coordinates(shape)):
            told = {_name(child): (child.text or "").strip() for child in holder}
            corner = corner_of(told.get("longitude"), told.get("latitude"))
            if corner is None:
                continue
            if is_outline:
                stated = next((told[name] for name in _NUMBERS if told.get(name, "").isdigit()), str(order))
                outlines[str(number)].append((int(stated), corner))
            else:
                points.append(corner)
    return geometry_of([[corner for _, corner in sorted(ring)] for ring in outlines.values()], points)


def _with_coordinates(element: "etree._Element") -> Iterator["etree._Element"]:
    for each in element.iter():
        if {"longitude", "latitude"} <= {_name(child) for child in each}:
            yield each


def _leaves(element: "etree._Element", *, into: bool = False) -> Iterator[tuple[str, str]]:
    """Name and text of every leaf that says something, coordinates left out unless asked `into`."""
    for child in element:
        if not isinstance(child.tag, str) or (_name(child) == "geospatialinfo" and not into):
            continue
        if len(child):
            yield from _leaves(child, into=into)
        elif text := (child.text or "").strip():
            yield _name(child), text


def _blank_identity(element: "etree._Element", rules: Rules) -> set[str]:
    """Take the text out of what tells, or may tell, who a person is; returns the names of the elements that held some."""
    taken = set()
    for each in element.iter():
        is_leaf = isinstance(each.tag, str) and not len(each) and (each.text or "").strip()
        if is_leaf and rules.of_person(_name(each)) != "kept":
            taken.add(f"{_name(element)}.{_name(each)}")
            each.text = None
    return taken


def _children(element: "etree._Element", name: str) -> list["etree._Element"]:
    return [child for child in element if isinstance(child.tag, str) and _name(child) == name]


def _name(element: "etree._Element") -> str:
    return str(etree.QName(element).localname).casefold() if isinstance(element.tag, str) else ""


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None
