"""Key enterprises: ranked by the share of what is needed that rests on them, with the reasons in both languages."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from mainstay.chain.concentration import regions
from mainstay.chain.supply import Supply
from mainstay.chain.words import Names, share_words, told
from mainstay.tables import Case

TIER_WEIGHTS = {"vital": 4.0, "essential": 2.0, "desirable": 1.0}
"""How much a need counts by its tier, times the weight of its item: vital needs come first, as in the plan."""
LEAST_SHARE = 0.05
"""Least share of a needed item that is told as a reason."""
MOST_TOLD = 3
"""Items named in one reason."""
BUSY = 0.99
"""Utilisation from which on a maker is told to have nothing to spare."""


@dataclass(frozen=True)
class Findings:
    """What the other tables say, as far as reasons are told from it."""

    reliance: pl.DataFrame
    single_sources: pl.DataFrame
    single_licences: pl.DataFrame
    critical_path: pl.DataFrame
    utilisation: dict[str, float]


def key_enterprises(case: Case, supply: Supply, found: Findings) -> pl.DataFrame:
    """Rows of ``key_enterprises``, the one on which most rests first.

    score = 100 x sum of weight x lost / sum of weight, over the needed items and tiers; weight = weight of the item x
    that of the tier, lost = the share of that need lost with the enterprise though all others run all that stands.
    rests = the same with what is lost where nobody steps in; it parts those of equal score.
    """
    weight = dict(case["items"].select("item", "weight").iter_rows())
    parts = found.reliance.with_columns(
        weight=pl.col("item").replace_strict(weight, return_dtype=pl.Float64)
        * pl.col("tier").replace_strict(TIER_WEIGHTS, return_dtype=pl.Float64)
    )
    whole = parts.unique(["item", "tier"])["weight"].sum()
    weighed = ((pl.col(name) * pl.col("weight")).sum() * 100 / whole for name in ("lost", "share"))
    scores = {agent: held for agent, *held in parts.group_by("agent").agg(*weighed).iter_rows()} if whole else {}
    region, names = regions(case), Names(case)
    listed = case["enterprises"].select("enterprise", "place", "owner", "is_key")
    made = supply.ways.filter(pl.col("enterprise").is_not_null()).group_by("enterprise", maintain_order=True)
    makes = {key[0]: rows["item"].unique(maintain_order=True).to_list() for key, rows in made}
    reasons = _Reasons(names, found)
    rows = []
    for enterprise, place, owner, is_key in listed.iter_rows():
        if enterprise in makes:
            lost, rests = scores.get(enterprise, (0.0, 0.0))
            text = reasons.of(enterprise)
            facts = (owner or enterprise, region[place], bool(is_key), ";".join(makes[enterprise]))
            rows.append((enterprise, lost, rests, *facts, *text))
    rows.sort(key=lambda row: (-round(row[1], 9), -round(row[2], 9), row[0]))
    return pl.DataFrame([(rank, *row) for rank, row in enumerate(rows, 1)], schema=_SCHEMA, orient="row")


_SCHEMA = {
    "rank": pl.Int64,
    "enterprise": pl.String,
    "score": pl.Float64,
    "rests": pl.Float64,
    "owner": pl.String,
    "region": pl.String,
    "is_key": pl.Boolean,
    "makes": pl.String,
    "sole_of": pl.String,
    "text": pl.String,
    "text_zh": pl.String,
}


class _Reasons:
    """Tells why an enterprise stands where it does, from what the tables say."""

    def __init__(self, names: Names, found: Findings) -> None:
        self._names, self._found = names, found
        strongest = found.reliance.group_by("agent", "item", maintain_order=True).agg(pl.col("share", "lost").max())
        self._shares = {key[0]: rows for key, rows in strongest.group_by("agent")}
        sole = found.single_sources.filter(level="enterprise").sort("num_places", "item", descending=[True, False])
        self._sole = {key[0]: rows["item"].unique(maintain_order=True).to_list() for key, rows in sole.group_by("sole")}
        licences = found.single_licences.drop_nulls("enterprise").group_by("enterprise")
        self._licences = {key[0]: rows["item"].to_list() for key, rows in licences}
        steps = found.critical_path.filter(pl.col("days") > 0).drop_nulls("enterprise")
        self._path = {k[0]: r["item"].unique(maintain_order=True).to_list() for k, r in steps.group_by("enterprise")}

    def of(self, enterprise: str) -> tuple[str, str, str]:
        """Items it alone supplies, and the reasons in English and in Chinese."""
        sole = self._sole.get(enterprise, [])
        lost = self._shared("lost", "lost", enterprise)
        parts = [
            lost,
            None if lost == self._shared("lost", "share", enterprise) else self._shared("rests", "share", enterprise),
            self._listed("sole", sole),
            self._listed("licence", self._licences.get(enterprise, [])),
            self._listed("path", self._path.get(enterprise, [])),
            self._busy(enterprise),
        ]
        said = [part for part in parts if part] or [told("nothing")]
        return ";".join(sole), " ".join(en for en, _ in said), "".join(zh for _, zh in said)

    def _shared(self, key: str, column: str, enterprise: str) -> tuple[str, str] | None:
        """The items of which most is lost without it, or rests on it, with their shares."""
        if enterprise not in self._shares:
            return None
        shares = self._shares[enterprise].filter(pl.col(column) >= LEAST_SHARE)
        shown = shares.sort(column, "item", descending=[True, False]).head(MOST_TOLD)
        parts = [
            (self._names.item(item), share_words(share)) for item, share in shown.select("item", column).iter_rows()
        ]
        return (
            told(key, what=self._joined([(f"{s} of {en}", f"{zh}的{s}") for (en, zh), s in parts])) if parts else None
        )

    def _listed(self, key: str, items: list[str]) -> tuple[str, str] | None:
        if not items:
            return None
        shown = self._joined([self._names.item(item) for item in items[:MOST_TOLD]])
        more = len(items) - MOST_TOLD
        return (
            told(key, what=shown) if more <= 0 else told(key, what=told("and_more", what=shown, more=(str(more),) * 2))
        )

    def _joined(self, parts: list[tuple[str, str]]) -> tuple[str, str]:
        return ", ".join(en for en, _ in parts), "、".join(zh for _, zh in parts)

    def _busy(self, enterprise: str) -> tuple[str, str] | None:
        used = self._found.utilisation.get(enterprise)
        return told("busy", share=(share_words(used),) * 2) if used is not None and used >= BUSY else None
