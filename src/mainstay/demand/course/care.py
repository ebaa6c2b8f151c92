"""From new cases to people in care: by severity, in hospital, in intensive care, on a ventilator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from mainstay.demand.course.parameters import Values
from mainstay.demand.course.reports import REPORTED_CENSUS, Reports
from mainstay.demand.paths import Paths
from mainstay.errors import UsageError

Numbers = NDArray[np.float64]

SEVERITIES = ("mild", "moderate", "severe", "critical")
BEDS_OF = {"hospital": "beds", "icu": "icu_beds"}
"""Capacity of a place that limits a measure."""

_TRACE = 1e-9
"""New cases on each past day, so that people who are still reported ill long after the last case have a stay."""

_STEADY = 10.0
"""People who must be reported present before a share is read from them with some certainty."""

_STAYS = ("moderate_share", "severe_share", "critical_share", "mild_days", "moderate_days", "severe_days",
          "critical_days", "stay_variation", "critical_delay")  # fmt: skip


def stay_survival(mean: float, spread: float, num_days: int) -> Numbers:
    """Share of the people who came on a day and are present at the end of that day and of those after (num_days,).

    Parameters
    ----------
    mean : of a gamma distribution [days]; 0: nobody stays
    spread : its standard deviation over its mean

    Returns
    -------
    (num_days,): 1 - G(k + 1/2) for k = 0, 1 ..., as people come around midday; their sum is close to the mean

    >>> round(float(stay_survival(14, 0.6, 365).sum()), 1)
    14.0
    """
    if mean == 0:
        return np.zeros(num_days)
    days = np.arange(num_days) + 0.5
    return np.asarray(stats.gamma.sf(days, spread**-2, scale=mean * spread**2))


def occupancy(values: Mapping[str, float], num_days: int) -> Numbers:
    """Share of the cases reported on a day who are in each severity at the end of that day and of those after.

    A critical case is severe until it is critical; nobody is in two of them.

    Parameters
    ----------
    values : parameters at one place

    Returns
    -------
    (4, num_days): mild, moderate, severe, critical

    Raises
    ------
    UsageError : the shares of moderate, severe and critical cases sum to more than 1
    """
    share = {s: values[f"{s}_share"] for s in SEVERITIES[1:]}
    share["mild"] = 1 - sum(share.values())
    if share["mild"] < -1e-9:
        raise UsageError(
            f"The shares of moderate, severe and critical cases sum to {1 - share['mild']:.3g}. Give at most 1; the "
            "rest is mild."
        )
    spread = values["stay_variation"]
    present = {s: share[s] * stay_survival(values[f"{s}_days"], spread, num_days) for s in SEVERITIES}
    waiting = stay_survival(values["critical_delay"], spread, num_days)
    begins = -np.diff(waiting, prepend=1.0)
    present["critical"] = np.convolve(begins, present["critical"])[:num_days]
    present["severe"] = present["severe"] + share["critical"] * waiting
    return np.array([present[s] for s in SEVERITIES])


def people_in_care(
    cases: Paths, first: int, reports: Reports, values: Values, capacities: Mapping[str, Numbers]
) -> dict[str, Paths]:
    """People present by measure, from new cases, in step with what was reported of them.

    Those who fell ill up to ``reports.as_of`` are scaled on every path to the last number of active cases reported.
    People in hospital, in intensive care and on a ventilator go on from their last reports, for later cases too.
    On days with a report the figure reported stands.

    Parameters
    ----------
    cases : (N, P, H + F) new cases, H days up to ``reports.as_of``
    first : first day that is wanted, counted from ``reports.first``
    values : parameters at each place
    capacities : ``beds`` and ``icu_beds`` (P,), infinite where not known: no more people are in hospital and in
        intensive care, unless more are reported

    Returns
    -------
    measure -> (N, P, H + F - first) [persons]

    Source: census as new cases convolved with the survival of stays, as in queues without waiting.
    """
    begin = min(first, *(int(_last_reports(reports, measure)[1].min(initial=first)) for measure in REPORTED_CENSUS))
    people = _by_severity(_scaled_to_active(cases, reports, values), begin, values)
    people["active"] = _with_reports(sum(people.values()), reports, "active", begin)  # type: ignore[arg-type]
    share = {name: value.astype(np.float32)[:, None] for name, value in values.items()}
    hospital = people["severe"] + people["critical"]
    hospital += share["hospital_mild"] * people["mild"] + share["hospital_moderate"] * people["moderate"]

    def bounded(present: Paths, measure: str, within: str) -> Paths:
        _put_in_step(present, reports, measure, begin)
        np.minimum(present, people[within], out=present)
        if measure in BEDS_OF:
            places, _, figures = _last_reports(reports, measure)
            beds = capacities[BEDS_OF[measure]].copy()
            beds[places] = np.maximum(beds[places], figures)
            np.minimum(present, beds.astype(np.float32)[:, None], out=present)
        return _with_reports(present, reports, measure, begin)

    people["hospital"] = bounded(hospital, "hospital", "active")
    people["icu"] = bounded(share["icu_share"] * people["critical"], "icu", "hospital")
    people["ventilated"] = bounded(share["ventilated_share"] * people["icu"], "ventilated", "icu")
    return {measure: present[:, :, first - begin :] for measure, present in people.items()}


def _last_reports(reports: Reports, measure: str) -> tuple[NDArray[np.int64], NDArray[np.int64], Numbers]:
    """Places for which the measure was reported, the day of the last report, and its figure."""
    if measure not in reports.census:
        return np.array([], dtype=int), np.array([], dtype=int), np.array([])
    known = ~np.isnan(reports.census[measure])
    places = np.flatnonzero(known.any(axis=1))
    days = known.shape[1] - 1 - known[places, ::-1].argmax(axis=1)
    return places, days, reports.census[measure][places, days]


def _scaled_to_active(cases: Paths, reports: Reports, values: Values) -> Paths:
    """The cases, those of the past scaled on each path so that the people ill on the last report are those reported."""
    scaled = cases.copy()
    num_past = reports.new_cases.shape[1]
    last = {p: (day, figure) for p, day, figure in zip(*_last_reports(reports, "active"), strict=True)}
    for group, row in _same_stays(values):
        present = occupancy(row, num_past).sum(axis=0)
        for p in group:
            if p in last:
                day, figure = last[p]
                past = scaled[:, p, :num_past] + _TRACE
                ill = past[:, : day + 1] @ present[day::-1]
                scaled[:, p, :num_past] = past * (figure / ill)[:, None]
    return scaled


def _by_severity(cases: Paths, begin: int, values: Values) -> dict[str, Paths]:
    """People ill by severity from day ``begin`` on, each (N, P, days)."""
    num_days = cases.shape[2]
    people = {s: np.empty((*cases.shape[:2], num_days - begin), dtype=np.float32) for s in SEVERITIES}
    lag = np.arange(begin, num_days) - np.arange(num_days)[:, None]
    for group, row in _same_stays(values):
        present = occupancy(row, num_days)
        flat = np.take(cases, group, axis=1).reshape(-1, num_days)  # one large product is much faster than many
        for s, shares in zip(SEVERITIES, present, strict=True):
            present_later = flat @ np.where(lag >= 0, shares[lag], 0).astype(np.float32)
            people[s][:, group] = present_later.reshape(len(cases), len(group), -1)
    return people


def _put_in_step(present: Paths, reports: Reports, measure: str, begin: int) -> None:
    """Bring the people present on each path to the last report of the measure, where there is one.

    All days are scaled by (reported + a) / (present + a), so that a report of few people does not settle the share of
    many; what is then left to the figure reported fades by half in a week.
    """
    for p, day, figure in zip(*_last_reports(reports, measure), strict=True):
        model = present[:, p, day - begin, None].copy()
        scale = (figure + _STEADY) / (model + _STEADY)
        since = np.maximum(np.arange(begin, begin + present.shape[2]) - day, 0)
        present[:, p] = np.maximum(scale * present[:, p] + (figure - scale * model) * 0.5 ** (since / 7), 0)


def _with_reports(present: Paths, reports: Reports, measure: str, begin: int) -> Paths:
    """The people present, with what was reported on the days that have a report."""
    if measure in reports.census:
        reported = reports.census[measure][:, begin:]
        known = present[:, :, : reported.shape[1]]
        np.copyto(known, reported.astype(np.float32), where=~np.isnan(reported))
    return present


def _same_stays(values: Values) -> Iterator[tuple[NDArray[np.int64], dict[str, float]]]:
    """Places that share all parameters of their stays, with these."""
    table = np.column_stack([values[name] for name in _STAYS])
    rows, group = np.unique(table, axis=0, return_inverse=True)
    for number, row in enumerate(rows):
        yield np.flatnonzero(group == number), dict(zip(_STAYS, row, strict=True))
