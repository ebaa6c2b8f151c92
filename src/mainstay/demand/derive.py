"""Needs of a case from the course of the epidemic: people by setting, items by rules of use, scenarios to plan on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from mainstay.demand.cells import Cells, cells, representatives, totals
from mainstay.demand.frames import DIGITS, axis, long
from mainstay.demand.items import UseRules, use_rules
from mainstay.demand.paths import Course, Note, Paths
from mainstay.demand.people import Floats, PeopleBySetting, people_by_setting, unknown_before
from mainstay.demand.quantiles import COLUMNS, LEVELS, quantiles
from mainstay.errors import UsageError
from mainstay.tables import Case, as_known
from mainstay.tables.demand_tables import MEASURES_OF_COURSE

MEDIAN = "median"
"""Scenario in which each need is the median of its own paths."""
WEEK = 7
"""Days that the summary adds up."""


@dataclass(frozen=True)
class Demand:
    """What people will need, how sure that is, and where it comes from.

    Attributes
    ----------
    case : the case with needs, people and step_downs of each scenario, to be planned on ``median``
    scenario : of the course and of the people stated, for which all this is derived
    course : sample paths of the epidemic
    needs, people : quantiles over paths (q05 to q95) of each need (item, place, tier, date) and of the people of each
        setting (setting, place, date)
    items : the same of an item with its tiers together (item, place, date)
    totals, people_totals : the same at all places together (item, date), (setting, date)
    summary : item, its first seven days at all places together (next_q05, next_q50, next_q95), and its highest
        seven days (peak_from, peak_q05, peak_q50, peak_q95)
    breakdown : item, place, tier, setting, driver, quantity: adds up to the needs of ``median`` over the horizon
    scenarios : weight of each representative path
    notes : what was done to the figures, in words
    """

    case: Case
    scenario: str
    course: Course
    needs: pl.DataFrame
    people: pl.DataFrame
    items: pl.DataFrame
    totals: pl.DataFrame
    people_totals: pl.DataFrame
    summary: pl.DataFrame
    breakdown: pl.DataFrame
    scenarios: Mapping[str, float]
    notes: tuple[Note, ...]

    def frames(self) -> dict[str, pl.DataFrame]:
        """Every table of the demand, by the name of its file."""
        return {
            **{name: self.case[name] for name in ("needs", "people", "step_downs")},
            "needs_quantiles": self.needs,
            "people_quantiles": self.people,
            "items_quantiles": self.items,
            "totals": self.totals,
            "people_totals": self.people_totals,
            "summary": self.summary,
            "breakdown": self.breakdown,
            "weights": pl.DataFrame({"scenario": list(self.scenarios), "weight": list(self.scenarios.values())}),
            "notes": pl.DataFrame([(n.en, n.zh) for n in self.notes], {"en": pl.String, "zh": pl.String}, orient="row"),
        }

    def write(self, folder: Path) -> None:
        """Write each table to a CSV file of its name; the folder is made when it is not there."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, frame in self.frames().items():
            frame.write_csv(folder / f"{name}.csv")

    def to_json(self) -> dict[str, Any]:
        """The demand in one object, as ``mainstay demand --json`` prints it."""
        return {
            "case": self.case.title,
            "start": self.case.start.isoformat(),
            "days": len(self.course.dates),
            "paths": self.course.num_paths,
            "scenarios": dict(self.scenarios),
            "items": [{**row, "peak_from": row["peak_from"].isoformat()} for row in self.summary.to_dicts()],
            "drivers": self.drivers().to_dicts(),
            "notes": [{"en": note.en, "zh": note.zh} for note in self.notes],
        }

    def drivers(self) -> pl.DataFrame:
        """What drives each item's need: item, setting, driver, share; the largest first."""
        return (
            self.breakdown.group_by("item", "setting", "driver")
            .agg(pl.col("quantity").sum())
            .with_columns(share=pl.col("quantity") / pl.col("quantity").sum().over("item"))
            .sort("item", "share", "setting", descending=[False, True, False])
            .drop("quantity")
        )


def derive(
    case: Case,
    *,
    as_of: date | None = None,
    course: Course | None = None,
    paths: int = 200,
    seed: int = 0,
    scenarios: int = 3,
) -> Demand:
    """Needs of a case from its course, settings and guidelines.

    Parameters
    ----------
    case : as ``read`` gives it; its course is any but ``needs``
    as_of : day on which the plan starts, and after which nothing is known; None: the case's start, and only the course
        is held to what was known
    course : made elsewhere; None: projected as the case says
    paths, seed : sample paths of the course; the same seed gives the same needs
    scenarios : representative paths beside the median; each stands for an equal share of all paths

    Raises
    ------
    UsageError : the case brings its own needs, has no settings or no guidelines, or counts a setting from what the
        course does not have
    """
    if case.course == "needs":
        raise UsageError(
            'The needs of this case are its table needs (course = "needs"). To derive them, set course in the '
            "settings of the case to projections, renewal or seir."
        )
    if case["guidelines"].is_empty() or (case["settings"].is_empty() and case["people"].is_empty()):
        raise UsageError(
            "Needs are derived from people and rules of use. Fill in settings (or people) and guidelines, or set "
            'course = "needs" and bring them.'
        )
    case = case if as_of is None else as_known(case, as_of)
    people = people_by_setting(case, course or _course(case, paths, seed))
    rules = use_rules(case)
    of_all, everyone = totals(people, rules)
    chosen = representatives(_burden(case, rules, of_all), people.course.weights, scenarios)
    found = cells(people, rules, list(chosen))
    names = [MEDIAN, *(f"path{number}" for number in range(1, len(chosen) + 1))]
    by_item, items = np.tensordot(rules.of_item, of_all, axes=1), axis(item=rules.items)
    places, dates = axis(place=people.places), axis(date=people.dates)
    return Demand(
        case=_planned(case, people, rules, found, names),
        scenario=case.scenario,
        course=people.course,
        needs=_bands(_need_axes(people, rules), found.need[: len(LEVELS)]),
        people=_bands(_people_axes(people), found.people[: len(LEVELS)]),
        items=_bands([items, places, dates], found.of_item),
        totals=_bands([items, dates], quantiles(by_item.copy(), people.course.weights)),
        people_totals=_bands([axis(setting=people.settings), dates], quantiles(everyone, people.course.weights)),
        summary=_summary(people, items, by_item),
        breakdown=_breakdown(people, rules, found),
        scenarios=dict(zip(names[1:], chosen.values(), strict=True)),
        notes=(
            *people.course.notes,
            *people.notes,
            *unknown_before(people, {use.setting for use in rules.uses if use.held}),
        ),
    )


def _course(case: Case, paths: int, seed: int) -> Course:
    """The course of the epidemic; people who are all counted otherwise need none."""
    if case["settings"]["driver"].is_in(MEASURES_OF_COURSE).any():
        from mainstay.demand.course import project_course

        return project_course(case, paths=paths, seed=seed)
    days = tuple(case.start + timedelta(days=day) for day in range(case.calendar.num_days))
    return Course((), days, {}, {}, np.ones(1))


def _burden(case: Case, rules: UseRules, of_all: Paths) -> Floats:
    """One number for each path (N,): all that it needs, each good against its mean and by the weight of its item."""
    weights = dict(case["items"].select("item", "weight").iter_rows())
    whole = of_all.sum(axis=1, dtype=float)
    mean = whole.mean(axis=1, keepdims=True)
    share = np.divide(whole, mean, out=np.zeros_like(whole), where=mean > 0)
    burden: Floats = np.array([weights[good.item] for good in rules.goods]) @ share
    return burden


def _bands(axes: list[pl.DataFrame], found: Paths) -> pl.DataFrame:
    """Quantiles (L, ...) as a table, a column for each level."""
    return long(axes, dict(zip(COLUMNS, found, strict=True)))


def _summary(people: PeopleBySetting, items: pl.DataFrame, by_item: Paths) -> pl.DataFrame:
    """The first and the highest seven days of each item; sums of each path, since quantiles do not add up."""
    until = np.cumsum(by_item, axis=1, dtype=float)
    week = min(WEEK, until.shape[1])
    sums = until[:, week - 1 :].copy()
    sums[:, 1:] -= until[:, :-week]
    bands = quantiles(sums.astype(np.float32), people.course.weights, (0.05, 0.5, 0.95))
    highest = bands[1].argmax(axis=1)
    peaks = bands[:, np.arange(items.height), highest]
    levels = ("q05", "q50", "q95")
    return items.with_columns(
        **{f"next_{level}": pl.Series(sums) for level, sums in zip(levels, bands[:, :, 0].astype(float), strict=True)},
        peak_from=pl.Series([people.dates[day] for day in highest], dtype=pl.Date),
        **{f"peak_{level}": pl.Series(sums) for level, sums in zip(levels, peaks.astype(float), strict=True)},
    ).with_columns(pl.selectors.float().round_sig_figs(DIGITS))


def _need_axes(people: PeopleBySetting, rules: UseRules) -> list[pl.DataFrame]:
    goods = axis(item=[good.item for good in rules.goods], tier=[good.tier for good in rules.goods])
    return [goods, axis(place=people.places), axis(date=people.dates)]


def _people_axes(people: PeopleBySetting) -> list[pl.DataFrame]:
    return [axis(setting=people.settings), axis(place=people.places), axis(date=people.dates)]


def _planned(case: Case, people: PeopleBySetting, rules: UseRules, found: Cells, names: list[str]) -> Case:
    """The case with what was derived in its tables: the median and each chosen path as a scenario."""
    kept = [LEVELS.index(0.5), *range(len(LEVELS), len(found.need))]
    scenarios, axes = axis(scenario=names), _need_axes(people, rules)
    patience = pl.DataFrame(
        [(risk, good.item, good.tier, days) for (risk, good), days in rules.patience.items()],
        ["risk", "item", "tier", "patience_days"],
        orient="row",
    )
    risks = axis(place=people.places, risk=people.risks)
    needs = long([scenarios, *axes], {"quantity": found.need[kept]})
    saved = [
        long([scenarios, *axes], {"saved": values[kept]}).with_columns(mode=pl.lit(mode))
        for mode, values in found.saved.items()
    ]
    return case.replace(
        needs=needs.join(risks, on="place", maintain_order="left")
        .join(patience, on=["risk", "item", "tier"], maintain_order="left")
        .drop("risk"),
        people=long([scenarios, *_people_axes(people)], {"count": found.people[kept]}),
        step_downs=pl.concat(saved) if saved else case["step_downs"].clear(),
        course="needs",
        scenario=MEDIAN,
    )


def _breakdown(people: PeopleBySetting, rules: UseRules, found: Cells) -> pl.DataFrame:
    """Who the needs of the median over the horizon are for: by the mean over paths, scaled so that it adds up."""
    need = found.need[LEVELS.index(0.5)].sum(axis=-1, dtype=float)
    mean = found.drawn.sum(axis=1)
    scale = np.divide(need, mean, out=np.zeros_like(need), where=mean > 0)
    rows = []
    for (setting, driver), days in found.person_days.items():
        all_days = sum(d for (other, _), d in found.person_days.items() if other == setting)
        alike = np.full_like(days, 1 / sum(other == setting for other, _ in found.person_days))
        share = np.divide(days, all_days, out=alike, where=all_days > 0)
        drawn = found.drawn[:, setting] * scale * share
        names = pl.lit(people.settings[setting]).alias("setting"), pl.lit(driver).alias("driver")
        rows.append(long(_need_axes(people, rules)[:2], {"quantity": drawn}).with_columns(names))
    columns = ["item", "place", "tier", "setting", "driver", "quantity"]
    return pl.concat(rows).select(columns).sort(columns[:5])
