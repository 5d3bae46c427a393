"""Indicators: one number with its definition, its scope and the query that counts it (design section 8)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from clearland.dictionary.reading import Node, optional

StatusRule = Literal["computed", "reported_only", "claimed"]
Timing = Literal["flow", "stock"]
Aggregate = Literal["sum", "ratio", "median", "p90"]
STATUS_RULES: tuple[str, ...] = get_args(StatusRule)
TIMINGS: tuple[str, ...] = get_args(Timing)
AGGREGATES: tuple[str, ...] = get_args(Aggregate)

ScopeValue = str | int | bool | tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """A figure's recipe.

    `sql` runs in DuckDB over the views of a snapshot; `sources` are the views whose rows its lineage counts;
    `timing` says whether it counts what happened in a period (flow) or what stood at its end (stock);
    `dimensions` are what it can be split by; `scope` says which ordnance, activity, method, population, outcome and
    definition it covers; `fills` are the report slots it serves. `whole` names, per dimension whose members overlap, the
    member that holds the whole (ground under two contamination types counts once under `all`). `told_as` names the
    attributes of claims that speak of the same quantity, each with the members of dimensions that it stands for.
    `requires` are the dimensions without which the number would mix what must not be mixed (stages of money, contacts and
    persons): it is given for one member of each only. `linked` are the dimensions that no column of `sql` holds: what
    stands behind the number leads to them by its links (the contribution that pays for a task), followed only when asked.
    `aggregate` says how contributions become the value: their sum, their sum divided by that of their `weight`, their
    median or 90th percentile.
    """

    code: str
    titles: Mapping[str, str]
    unit: str
    definition: str
    scope: Mapping[str, ScopeValue]
    dimensions: tuple[str, ...]
    sql: str
    sources: tuple[str, ...]
    status_rule: StatusRule
    timing: Timing
    fills: tuple[str, ...] = ()
    whole: Mapping[str, str] = field(default_factory=dict)
    told_as: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    requires: tuple[str, ...] = ()
    linked: tuple[str, ...] = ()
    aggregate: Aggregate = "sum"

    def title(self, language: str) -> str:
        """The title in a language, in English where that language has none."""
        return self.titles.get(language) or self.titles["en"]


def _scope_value(node: Node) -> ScopeValue:
    if isinstance(node.value, bool):
        return node.flag()
    if isinstance(node.value, int):
        return node.whole()
    return node.texts() if isinstance(node.value, (list, tuple)) else node.text()


def read_scope(node: Node) -> dict[str, ScopeValue]:
    """Scope or filter: text, number, true/false or a list of texts by name."""
    return {name: _scope_value(value) for name, value in node.open_mapping().items()}


def _texts_by_name(node: Node) -> dict[str, str]:
    return {name: value.text() for name, value in node.open_mapping().items()}


def _members_by_attribute(node: Node) -> dict[str, dict[str, str]]:
    return {attribute: _texts_by_name(members) for attribute, members in node.open_mapping().items()}


def read_indicator(node: Node) -> Indicator:
    """One indicator. Raises ClearlandError E-DICT-FORM with the place of what is wrong."""
    nodes = node.mapping("code titles unit definition scope dimensions sql sources status_rule timing",
                         "fills whole told_as requires linked aggregate")  # fmt: skip
    sources = nodes["sources"].texts()
    dimensions, requires = nodes["dimensions"].texts(), optional(nodes, "requires", Node.texts) or ()
    linked = optional(nodes, "linked", Node.texts) or ()
    if not {*requires, *linked} <= set(dimensions):
        node.fail("An indicator requires or links a dimension that it does not have.", "Name it among the dimensions.")
    if not sources:
        nodes["sources"].fail("An indicator counts at least one view.", "Name the views its lineage counts.")
    return Indicator(
        code=nodes["code"].text(), titles=nodes["titles"].labels(), unit=nodes["unit"].text(),
        definition=nodes["definition"].text(), scope=read_scope(nodes["scope"]), dimensions=dimensions,
        sql=nodes["sql"].block(), sources=sources, status_rule=nodes["status_rule"].choice(STATUS_RULES),
        timing=nodes["timing"].choice(TIMINGS),
        fills=optional(nodes, "fills", Node.texts) or (),
        whole=optional(nodes, "whole", _texts_by_name) or {},
        told_as=optional(nodes, "told_as", _members_by_attribute) or {},
        requires=requires, linked=linked, aggregate=optional(nodes, "aggregate", lambda each: each.choice(AGGREGATES)) or "sum",
    )
