"""Scores: which items deserve to be ready, and the facts behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from mainstay.chain import Chain, analyse
from mainstay.chain.words import Names
from mainstay.network import compile as compile_case
from mainstay.prepare.classes import NONE, abc_classes, category
from mainstay.prepare.events import events_of
from mainstay.prepare.needs import ground_of
from mainstay.prepare.sample import Sample, sample_futures
from mainstay.solve.risk import cvar
from mainstay.stress import Stress
from mainstay.stress.model import TIER_WEIGHTS
from mainstay.tables import Case
from mainstay.tables.frames import conform
from mainstay.tables.ready_tables import SCORES

PEAK_DAYS = 7
PER_EVENT = 25
WORST = 0.9
"""Level above which futures count as the worst."""
LEAST_SURVIVAL = 1.0
"""Days that survival counts at least, so that an item without any stock has a score."""


@dataclass(frozen=True)
class Facts:
    """What the score of an item is made of; the columns of the table ``scores`` say each in words."""

    surge: float
    severity: float
    hhi: float
    substitutes: float
    recover_days: float
    survive_days: float

    @property
    def irreplaceability(self) -> float:
        """Share that nothing stands in for; half of it counts where many hands hold the item, all where one does."""
        return (1 - self.substitutes) * (1 + self.hhi / 1e4) / 2

    @property
    def urgency(self) -> float:
        """Time to recover over time to survive."""
        return self.recover_days / max(self.survive_days, LEAST_SURVIVAL)

    @property
    def product(self) -> float:
        """Surge x severity x irreplaceability x urgency."""
        return self.surge * self.severity * self.irreplaceability * self.urgency


def score_items(
    case: Case, *, futures: Sample | None = None, chain: Chain | None = None, stress: Stress | None = None
) -> pl.DataFrame:
    """Table ``scores``: every item that some future needs, the one that most deserves to be ready first.

    - surge: daily need of the highest seven days, a mean over the worst tenth of the futures, over the usual need: what
      daily users take (``rotations``), else what standing lines and offers give, else the mean over all futures;
    - severity: tier weights of ``stress`` (1, 0.1, 0.01) by what is needed in each, times the weight of the item;
    - irreplaceability: what no substitute could meet from what it can spare, times (1 + HHI / 10,000) / 2 of owners;
    - recover: last day of its critical path, without stock; the horizon where nobody supplies it;
    - survive: days until stock is used up at the surge less what stands, or as ``stress`` found where the item is lost.

    Parameters
    ----------
    futures : None: 25 of each event
    chain : of the case; stress : its exposures of kind ``item`` are used where there are any

    The product and its parts are a judgement, made to be argued over line by line. ABC and VED as in M. Devnani and
    others, J. Young Pharm. 2 (2010) 201-205.
    """
    ground = ground_of(case)
    known = ground.case
    sample = futures or sample_futures(case, PER_EVENT * len(events_of(case)))
    chain = chain or analyse(known, compile_case(known))
    facts = _facts(known, sample, chain, stress)
    value = _value(known, sample)
    abc = abc_classes({item: value.get(item) for item in facts})
    ved = dict(known["items"].select("item", "importance").iter_rows())
    highest = max((each.product for each in facts.values()), default=0.0) or 1.0
    names = Names(known)
    rows = [
        {
            "item": item,
            "score": 100 * each.product / highest,
            **{name: getattr(each, name) for name in _FACTS},
            "value": value.get(item),
            "abc": abc[item],
            "ved": ved[item] or NONE,
            "category": category(abc[item], ved[item]),
            **_words(names.item(item), each),
        }
        for item, each in facts.items()
    ]
    if not rows:
        return conform(SCORES, pl.DataFrame({"item": []}))
    ranked = pl.DataFrame(rows).sort(["score", "item"], descending=[True, False]).with_row_index("rank", offset=1)
    return conform(SCORES, ranked.select(column.name for column in SCORES.columns))


_FACTS = (
    *("surge", "severity", "irreplaceability", "recover_days", "survive_days"),
    *("urgency", "hhi", "substitutes"),
)


def _facts(case: Case, sample: Sample, chain: Chain, stress: Stress | None) -> dict[str, Facts]:
    horizon = float(case.calendar.num_days)
    peak, mean = _peaks(sample)
    tiers = {row["item"]: row for row in chain.tables["tiers"].iter_rows(named=True)}
    standing = {item: row["standing"] or 0.0 for item, row in tiers.items()}
    usual = dict(case["rotations"].group_by("item").agg(pl.col("usage_per_day").sum()).iter_rows())
    held = dict(case["stocks"].group_by("item").agg(pl.col("quantity").sum()).iter_rows())
    owners = chain.tables["concentration"].filter(pl.col("input").is_null(), level="owner")
    hhi = dict(owners.select("item", "hhi").iter_rows())
    last = chain.tables["critical_path"].group_by("item").agg(pl.col("to_day").max())
    recover = {item: day for item, day in last.iter_rows() if day is not None and np.isfinite(day)}
    weight = dict(case["items"].select("item", "weight").iter_rows())
    severity = _severity(sample)
    found = {}
    for item in sorted(peak):
        lacking = peak[item] - standing.get(item, 0.0)
        survive = min(held.get(item, 0.0) / lacking, horizon) if lacking > 0 else horizon
        found[item] = Facts(
            surge=peak[item] / (usual.get(item) or standing.get(item) or mean[item]),
            severity=severity[item] * weight[item],
            hhi=hhi.get(item, 1e4),
            substitutes=_substitutes(case, item, peak, standing),
            recover_days=min(recover.get(item, horizon), horizon),
            survive_days=_survived(stress, item, survive, horizon),
        )
    return found


def _peaks(sample: Sample) -> tuple[dict[str, float], dict[str, float]]:
    """Daily need of each item: in its highest seven days, mean of the worst futures; over the horizon, of all."""
    days = min(PEAK_DAYS, len(sample.dates))
    peak, mean = {}, {}
    items = sample.cells["item"].to_numpy()
    for item in dict.fromkeys(items.tolist()):
        daily = sample.quantity[:, items == item].sum(axis=1, dtype=np.float64)
        running = np.concatenate([np.zeros((len(daily), 1)), daily.cumsum(axis=1)], axis=1)
        highest = (running[:, days:] - running[:, :-days]).max(axis=1) / days
        if daily.any():
            peak[item] = cvar(highest, sample.weights, WORST)[1]
            mean[item] = float(sample.weights @ daily.mean(axis=1))
    return peak, mean


def _severity(sample: Sample) -> dict[str, float]:
    """Mean tier weight of what is needed of each item."""
    needed = sample.weights @ sample.quantity.sum(axis=2, dtype=np.float64)
    rows = sample.cells.select("item", "tier").with_columns(
        quantity=pl.Series(needed), weight=pl.col("tier").replace_strict(TIER_WEIGHTS, return_dtype=pl.Float64)
    )
    sums = rows.group_by("item").agg(
        weighed=(pl.col("quantity") * pl.col("weight")).sum(), quantity=pl.col("quantity").sum()
    )
    return {item: weighed / quantity for item, weighed, quantity in sums.iter_rows() if quantity > 0}


def _substitutes(case: Case, item: str, peak: Mapping[str, float], standing: Mapping[str, float]) -> float:
    """Share of a need that its substitutes could meet from what stands beyond their own need."""
    rows = case["substitutes"].filter(item=item).select("substitute", "quantity").iter_rows()
    could = sum(max(standing.get(other, 0.0) - peak.get(other, 0.0), 0.0) / ratio for other, ratio in rows)
    return float(min(could / peak[item], 1.0))


def _survived(stress: Stress | None, item: str, otherwise: float, horizon: float) -> float:
    for each in stress.exposures if stress else ():
        if each.disruption.name == f"item:{item}" and np.isfinite(each.survive_days):
            return min(each.survive_days, horizon)
    return otherwise


def _value(case: Case, sample: Sample) -> dict[str, float]:
    """Money for what is needed of each item in the horizon, a mean over futures; items without a value are left out."""
    price = dict(case["items"].drop_nulls("unit_value").select("item", "unit_value").iter_rows())
    needed = sample.weights @ sample.quantity.sum(axis=2, dtype=np.float64)
    found: dict[str, float] = {}
    for item, quantity in zip(sample.cells["item"], needed.tolist(), strict=True):
        if item in price:
            found[item] = found.get(item, 0.0) + price[item] * quantity
    return found


def _words(name: tuple[str, str], facts: Facts) -> dict[str, str]:
    en, zh = name
    return {
        "text": f"{en}: {facts.surge:.1f} times the usual need in its highest week; new goods after "
        f"{facts.recover_days:.0f} days, stock for {facts.survive_days:.1f}; concentration {facts.hhi:,.0f}.",
        "text_zh": f"{zh}：高峰周需求为平时的 {facts.surge:.1f} 倍；新货需 {facts.recover_days:.0f} 天，"
        f"库存可支撑 {facts.survive_days:.1f} 天；集中度 {facts.hhi:,.0f}。",
    }
