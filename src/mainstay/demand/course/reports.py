"""What was reported of the epidemic, as known on a day: new cases and people present, by place and day.

Counts that fall, gaps between reports, declared revisions and jumps that nobody declared are put right here, each
with a note that says what was done.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from mainstay.demand.paths import Note, listed, place_names
from mainstay.errors import UsageError
from mainstay.tables.case import Case

Counts = NDArray[np.float64]

MEMORY_DAYS = 91
"""Days of the past that a course looks at, at least."""

SEED_DAYS = 28
"""Days over which the cases before the first report are laid back."""

REPORTED_CENSUS = ("active", "hospital", "icu", "ventilated")
"""People present that reports speak of; active: confirmed less deaths and recovered."""

JUMP_TIMES, JUMP_SPREADS, JUMP_LEAST, JUMP_DAYS = 2.5, 6.0, 50.0, 14
"""A count is a jump when it is so many times the highest of the week before and the three days after, so many
robust standard deviations and so many cases above the median of that week; it is laid back over so many days."""


@dataclass(frozen=True)
class Reports:
    """What is known of the epidemic on a day, on consecutive days that end on it.

    Attributes
    ----------
    places : (P,) codes of the places with confirmed counts
    first : first day of the arrays
    as_of : their last day, on which all this was known
    new_cases : (P, H) [persons]; NaN after the place's last report
    counted_from : (P,) first day whose new cases are the difference of two reports; those before are laid back
    last : (P,) day of the last report, counted from ``first``
    confirmed : (P,) [persons] confirmed up to the last report
    census : measure -> (P, H) [persons] as reported; NaN: not known
    notes : what was done to the figures
    """

    places: tuple[str, ...]
    first: date
    as_of: date
    new_cases: Counts
    counted_from: NDArray[np.int64]
    last: NDArray[np.int64]
    confirmed: Counts
    census: dict[str, Counts]
    notes: tuple[Note, ...]

    def day(self, when: date) -> int:
        """The day counted from ``first``."""
        return (when - self.first).days


def known_rows(case: Case, as_of: date) -> pl.DataFrame:
    """Rows of ``epidemic`` that speak of and were known by the day, in the order in which they became known."""
    known = pl.coalesce("known_on", "date")
    rows = case["epidemic"].with_columns(known).filter(pl.max_horizontal("date", "known_on") <= as_of)
    return rows.sort("place", "date", "known_on")


def latest_rows(case: Case, as_of: date) -> pl.DataFrame:
    """One row for each place and day: for each figure the latest that was known by ``as_of``."""
    figures = ("confirmed", "deaths", "recovered", "hospital", "icu", "ventilated")
    last = [pl.col(name).drop_nulls().last() for name in figures]
    return known_rows(case, as_of).group_by("place", "date", maintain_order=True).agg(last).sort("place", "date")


def read_reports(case: Case, as_of: date) -> Reports:
    """New cases and people present as known on a day, put right where they must be.

    The arrays reach back ``MEMORY_DAYS`` before the start of the plan or ``as_of``, whichever is earlier.

    Raises
    ------
    UsageError : no place has confirmed counts that were known by then
    """
    first = min(as_of, case.start) - timedelta(days=MEMORY_DAYS)
    rows = latest_rows(case, as_of)
    series = {
        str(key[0]): group
        for key, group in rows.filter(pl.col("confirmed").is_not_null()).group_by("place", maintain_order=True)
    }
    recent = {place: group for place, group in series.items() if group["date"].max() >= first}  # type: ignore[operator]
    if series and not recent:
        raise UsageError(
            f"The last confirmed count known on {as_of} is more than {MEMORY_DAYS} days older than the plan. Give "
            "newer counts, or plan as of an earlier day."
        )
    if not recent:
        raise UsageError(
            f"The table epidemic has no confirmed counts that were known on {as_of}. Give them, choose a later day, "
            "or take the needs from another course."
        )
    num_days = (as_of - first).days + 1
    laid = [_lay_out(group, first, num_days) for group in recent.values()]
    places = tuple(recent)
    new_cases = np.array([one.new_cases for one in laid])
    counted_from = np.array([one.counted_from for one in laid])
    last = np.array([one.last for one in laid])
    unused = [place for place in rows["place"].unique(maintain_order=True) if place not in recent]
    names = place_names(case)
    notes = [*_notes_on_counts([names[place] for place in places], laid, [names[place] for place in unused], as_of)]
    declared = case["revisions"].filter((pl.col("date") <= as_of) & pl.col("place").is_in(places))
    fixed = _move_revisions(new_cases, places, names, first, declared, notes)
    _lay_back_jumps(new_cases, [names[place] for place in places], first, counted_from, fixed, notes)
    return Reports(
        places,
        first,
        as_of,
        new_cases,
        counted_from,
        last,
        np.array([one.confirmed for one in laid]),
        _census(rows, places, first, num_days),
        tuple(notes),
    )


@dataclass(frozen=True)
class _Series:
    """One place: new cases laid out on the days of the arrays, and what had to be done for it."""

    new_cases: Counts
    counted_from: int
    last: int
    confirmed: float
    fell: bool
    gaps: int


def _lay_out(group: pl.DataFrame, first: date, num_days: int) -> _Series:
    """New cases of one place by day: what fell is spread back, gaps are filled evenly."""
    days = np.array([(day - first).days for day in group["date"]])
    counts = group["confirmed"].to_numpy()
    rising = np.minimum.accumulate(counts[::-1])[::-1]
    each_day = np.arange(days[0], days[-1] + 1)
    cumulative = np.interp(each_day, days, rising)
    seed = seed_cases(cumulative)
    new = np.concatenate([seed, np.diff(cumulative)])
    begin = days[0] - len(seed) + 1
    laid = np.zeros(num_days)
    laid[max(begin, 0) : days[-1] + 1] = new[max(-begin, 0) :]
    laid[days[-1] + 1 :] = np.nan
    gaps = len(each_day) - len(days)
    return _Series(laid, max(int(days[0]) + 1, 0), int(days[-1]), rising[-1], bool((rising < counts).any()), gaps)


def seed_cases(cumulative: Counts) -> Counts:
    """The first cumulative count as new cases of the days up to it, growing as the counts grew afterwards.

    Parameters
    ----------
    cumulative : (days,) [persons] from the first report on

    Returns
    -------
    (SEED_DAYS,) [persons], the last of them on the day of the first report; they sum to the first count

    >>> seed_cases(np.array([100.0, 200.0])).round(1)[-3:].tolist()  # doubled in a day: so it did before
    [12.5, 25.0, 50.0]
    """
    later = min(7, len(cumulative) - 1)
    grown = (cumulative[0] / cumulative[later]) ** (1 / later) if later and cumulative[later] > 0 else 1.0
    weights = max(grown, 0.5) ** np.arange(SEED_DAYS)[::-1]
    return np.asarray(cumulative[0] * weights / weights.sum())


def _move_revisions(
    new_cases: Counts,
    places: tuple[str, ...],
    names: Mapping[str, Note],
    first: date,
    declared: pl.DataFrame,
    notes: list[Note],
) -> set[tuple[int, int]]:
    """Take declared cases off the day they were counted on and spread them; the (place, day) that were declared."""
    fixed = set()
    for place, day, cases, since in declared.select("place", "date", "cases", "from").sort("date").rows():
        at, counted, start = places.index(place), (day - first).days, (since - first).days
        if not 0 <= counted < new_cases.shape[1] or np.isnan(new_cases[at, counted]):
            continue
        moved = min(cases, new_cases[at, counted])
        new_cases[at, counted] -= moved
        new_cases[at, max(start, 0) : counted] += moved / (counted - start)
        fixed.add((at, counted))
        notes.append(
            Note(
                f"{names[place].en}: {moved:,.0f} cases counted on {day} were moved to the days from {since} on, "
                "as declared.",
                f"{names[place].zh}：{day}计入的{moved:,.0f}例按声明前移，自{since}起均摊。",
            )
        )
    return fixed


def find_jumps(new_cases: Counts, counted_from: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Days whose new cases lie far outside the days around them, as when a definition is widened.

    Parameters
    ----------
    new_cases : (P, H) [persons], NaN where not known
    counted_from : (P,) first day whose new cases are the difference of two reports

    Returns
    -------
    (P, H): more than ``JUMP_TIMES`` the highest count of the 7 days before and the 3 days after, and above the median
    of the 7 days before by ``JUMP_SPREADS`` robust standard deviations and by ``JUMP_LEAST`` cases

    >>> days = np.array([[2900, 2450, 2840, 2060, 2620, 2100, 1640, 13800.0]])  # Hubei, 5 to 12 February 2020
    >>> find_jumps(days, np.array([0])).nonzero()[1].tolist()
    [7]
    """
    found = np.zeros(new_cases.shape, dtype=bool)
    if new_cases.shape[1] < 8:
        return found
    before = sliding_window_view(new_cases[:, :-1], 7, axis=1)
    median = np.median(before, axis=2)
    spread = 1.4826 * np.median(np.abs(before - median[..., None]), axis=2)
    padded = np.pad(np.nan_to_num(new_cases), ((0, 0), (0, 3)))
    after = sliding_window_view(padded[:, 8:], 3, axis=1).max(axis=2)
    highest = np.maximum(before.max(axis=2), after)
    excess = new_cases[:, 7:] - median
    far = excess > np.maximum(JUMP_SPREADS * np.sqrt(1 + median + spread**2), JUMP_LEAST)
    counted = np.arange(7, new_cases.shape[1]) >= counted_from[:, None] + 7
    found[:, 7:] = far & counted & (new_cases[:, 7:] > JUMP_TIMES * highest)
    return found


def _lay_back_jumps(
    new_cases: Counts,
    names: Sequence[Note],
    first: date,
    counted_from: NDArray[np.int64],
    fixed: set[tuple[int, int]],
    notes: list[Note],
) -> None:
    """Spread jumps that nobody declared over the days before, in proportion to the cases of those days."""
    for at, day in np.argwhere(find_jumps(new_cases, counted_from)):
        if (at, day) in fixed:
            continue
        usual = np.median(new_cases[at, day - 7 : day])
        counted, back = new_cases[at, day], new_cases[at, max(day - JUMP_DAYS, 0) : day]
        back += (counted - usual) * (back / back.sum() if back.sum() > 0 else 1 / len(back))
        new_cases[at, day] = usual
        when, moved = first + timedelta(days=int(day)), counted - usual
        notes.append(
            Note(
                f"{names[at].en}: {counted:,.0f} new cases on {when} are far outside the days around it. {moved:,.0f} "
                f"of them are taken as cases of the {JUMP_DAYS} days before, in proportion, as when a definition is "
                "widened. A row in revisions for that day says otherwise (0 cases: leave them).",
                f"{names[at].zh}：{when}新增{counted:,.0f}例，远超前后各日。其中{moved:,.0f}例视为口径调整，按比例归入此前"
                f"{JUMP_DAYS}天。如不妥，请在revisions表中为该日填写一行（0例表示不调整）。",
            )
        )


def _census(rows: pl.DataFrame, places: tuple[str, ...], first: date, num_days: int) -> dict[str, Counts]:
    """People present as reported, measure -> (P, H); a measure without any report is left out."""
    active = (pl.col("confirmed") - pl.col("deaths") - pl.col("recovered")).clip(0).alias("active")
    day = (pl.col("date") - first).dt.total_days().alias("day")
    inside = rows.with_columns(active, day).filter(pl.col("place").is_in(places) & (pl.col("day") >= 0))
    at = np.array([places.index(place) for place in inside["place"]], dtype=int)
    census = {}
    for measure in REPORTED_CENSUS:
        values = np.full((len(places), num_days), np.nan)
        values[at, inside["day"].to_numpy()] = inside[measure].to_numpy()
        if not np.isnan(values).all():
            census[measure] = values
    return census


def _notes_on_counts(names: Sequence[Note], laid: list[_Series], unused: Sequence[Note], as_of: date) -> Iterator[Note]:
    """Notes about counts that fell, gaps, old reports and places that are left out."""
    last_day = len(laid[0].new_cases) - 1
    fell = [name for name, one in zip(names, laid, strict=True) if one.fell]
    gaps = [_with_days(name, one.gaps) for name, one in zip(names, laid, strict=True) if one.gaps]
    ages = [last_day - one.last for one in laid]
    old = [_with_days(name, days) for name, days in zip(names, ages, strict=True) if days]
    kinds = (
        (
            fell,
            "Cumulative confirmed counts fell; the later, lower count holds for the days before it",
            "累计确诊数出现下降，以较晚较低的数为准回调此前各日",
        ),
        (
            gaps,
            "Days without a report between two reports; their cases are spread evenly (days)",
            "两次报告之间有缺报日，新增病例在其间均摊（天数）",
        ),
        (
            old,
            f"The last report is older than {as_of}; the days since are projected (days)",
            f"最近一次报告早于{as_of}，其后各日为推算（天数）",
        ),
        (
            unused,
            f"No confirmed counts in the {MEMORY_DAYS} days before; not projected, which is not the same as no cases",
            f"此前{MEMORY_DAYS}天内无确诊数，未作推算（不等于零病例）",
        ),
    )
    for found, en, zh in kinds:
        if found:
            yield Note(f"{en}: {listed(found).en}.", f"{zh}：{listed(found).zh}。")


def _with_days(name: Note, days: int) -> Note:
    return Note(f"{name.en} ({days})", f"{name.zh}（{days}）")
