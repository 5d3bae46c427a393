"""*What is this?* for each page, and the terms of the field that are explained where they stand."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

_LISTS = _("Each row is one record as it was known on the date in the header. Filters and sorting stand in the address: copy it to share exactly this list, or take the list away as CSV or XLSX.")  # noqa: E501
_SOURCES = _("Everything ever handed in is kept byte for byte. Sources that contradict each other stay side by side, each with its own words.")  # noqa: E501
_CONFLICTS = _("Versions of one record that were written without knowledge of each other, found when bundles were merged. Nothing wins by being last: a person chooses, and the choice is an entry.")  # noqa: E501
_MATCHING = _("Accidents, people, hazards and organisations that two sources may both tell of, with what speaks for and against. A person decides; nothing is merged, figures count one of two, and taking the decision back restores both.")  # noqa: E501
# name of the address -> what the page is for
PAGES: Mapping[str, Any] = {
    "overview": _("Where contamination stands, what was released, and which questions wait for a person. Each number is a link to its scope and to the records or sentences it rests on. Types of ordnance overlap and are never added up."),  # noqa: E501
    "map": _("Hazardous areas, released land, finds and accidents as known on the date in the header. Fill is class, outline is status. Districts with a blue edge are those that published sources speak of. The same content stands as a table."),  # noqa: E501
    "map_table": _("The map's content as a table, for those who do not see or do not use a map."),
    "record_list": _LISTS,
    "data": _("Everything this programme can record, by theme, its own additions included. A new kind appears here, in lists, forms, layers and exports as soon as its file is added."),  # noqa: E501
    "conformity": _("Each of the 52 minimum data requirements with the fields that hold it here. Sealed fields are kept and shown to nobody on this page."),  # noqa: E501
    "record": _("One thing in the world or one piece of work: where it is, what is recorded, what it is linked to, and every state it ever had, with who changed it, why and from which source."),  # noqa: E501
    "land": _("The balance of one year: what was hazardous at the beginning, everything that changed it, and what was left. Each square metre counts once; work on ground that was not hazardous is shown beside it, never in it."),  # noqa: E501
    "minefields": _("Records of mines that were handed over, promised or only spoken of: how many mines they claim, how many are accounted for, and how far each agrees with the ground."),  # noqa: E501
    "minefield": _("One record laid out under every datum and north that may apply. Where finds and reference points agree, that reading is likely; a person decides. Scores stand with the number of things compared."),  # noqa: E501
    "efficiency": _("How the work of a year met contamination: ground cleared without finds, days to the first find, evidence that grew old. Questions for those who plan, never a verdict on those who worked."),  # noqa: E501
    "findings": _("What the rules say about records as known on the date in the header, each with what to do. A finding changes nothing and vanishes when the record is mended."),  # noqa: E501
    "matching": _MATCHING,
    "people": _("Who may sign in here, with which role. An account is closed, never deleted: entries name it as their author. Passwords are shown once and kept nowhere."),  # noqa: E501
    "account": _("Your own account: the second step of signing in, where you are signed in, and codes for the day the telephone is lost."),  # noqa: E501
    "matching_pair": _MATCHING,
    "figures": _("Every indicator in the chosen scope, with its status: computed from records, reported only, or claimed in a source. Unknown is a word, zero is a digit."),  # noqa: E501
    "figure": _("One number with its whole lineage: its scope, the entries or sentences behind it, the largest of them, and how it splits. Its reference finds it again, unchanged, years later."),  # noqa: E501
    "figures_browse": _("One figure by place and year, as table, chart and map. Choose for whom it is meant: what that audience may not read, and what would give it away, is withheld. The files hold the same numbers with their scope and reference."),  # noqa: E501
    "figures_ask": _("Ask in your own words. A word such as cleared fits several figures that count different things: each is shown with its definition and with what was said before on the same scope."),  # noqa: E501
    "figures_bridge": _("Two numbers on released land can both be right. Each bar is what one widening of the scope adds; what no record explains is said to be unexplained."),  # noqa: E501
    "figures_restated": _("Two editions of somebody else's ledger, line by line: added, withdrawn, re-dated, reclassified, changed. A moved line is proposed as moved, and a person decides."),  # noqa: E501
    "figures_reconcile": _("An operator's own books beside the national database, task by task. Send the workbook, take the answers in; nothing is changed until a person mends one of the two."),  # noqa: E501
    "sources": _SOURCES,
    "source": _("A source as text, with what it claims marked where it stands and its notes bound to their places. The file as received can be taken from here."),  # noqa: E501
    "disagreements": _("Pairs of claims on one scope that differ. Nothing is overwritten and nothing is decided here: the words of both sides stand next to each other."),  # noqa: E501
    "timeline": _("What was joined, voted, attended, said, alleged, answered, enacted and advised, by date, each in the words of its source. Answers stand with what they answer; nothing is judged here."),  # noqa: E501
    "review": _("Claims that were read from a source wait for a person: accept, correct or reject each one beside the sentence it comes from. Every decision keeps its author and reason; nothing is overwritten."),  # noqa: E501
    "bring": _("Hand in a table, see which column becomes which field, look at the first rows as records, and add them. The mapping can be saved for the next edition, and your workbook comes back with a note beside each wrong cell."),  # noqa: E501
    "take": _("Records of one kind in a file for an audience, as known on the date in the header, and forms to collect more of them on devices."),  # noqa: E501
    "conflicts": _CONFLICTS,
    "conflict": _CONFLICTS,
    "reports": _("Treaty and donor reports, compiled for a year in one click. Each figure has a footnote; what is not known is said, not filled in."),  # noqa: E501
    "search": _("Records and sentences of sources that hold all the words, in any spelling the programme knows."),
}
TERMS: Mapping[str, Any] = {
    "released": _("no longer under suspicion after all reasonable effort: cancelled, reduced or cleared; some risk always remains"),  # noqa: E501
    "residual": _("the risk that remains after all reasonable effort to find and remove ordnance"),
    "SHA": _("suspected hazardous area: there are indirect signs of contamination"),
    "CHA": _("confirmed hazardous area: contamination was found there"),
    "cancelled": _("released without clearance, because non-technical survey found no evidence of contamination"),
    "reduced": _("released after technical survey found no evidence of contamination"),
    "cleared": _("released after all ordnance was removed to the stated depth"),
}


def page_help(name: str | None) -> Any:
    """The text for the page at an address of this name; None where there is none."""
    return PAGES.get(name or "")
