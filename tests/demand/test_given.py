"""Given projections: sample paths as they are, quantiles as joint paths."""

from __future__ import annotations

import numpy as np
import pytest
from tests.demand.epidemics import case_of, counts, day

from mainstay.demand.course import project_course
from mainstay.errors import UsageError


def quantiles(place, values, *, measure="hospital", made=0, first=1, days=3):
    return [
        {"place": place, "measure": measure, "made_on": day(made), "date": day(first + d), "level": level, "value": v}
        for d in range(days)
        for level, v in values.items()
    ]


def sample_paths(place, table, *, measure="hospital", made=0):
    return [
        {"place": place, "measure": measure, "made_on": day(made), "date": day(1 + d), "path": n, "value": float(v)}
        for n, row in table.items()
        for d, v in enumerate(row)
    ]


def course(rows, *, as_of=1, paths=200, epidemic=(), horizon="3x1"):
    case = case_of([*epidemic], day(1), horizon=horizon, course="projections", projections=rows)
    return project_course(case, as_of=day(as_of), paths=paths)


def test_quantiles_come_back_as_quantiles_of_the_paths():
    paths = course(quantiles("east", {0.05: 10.0, 0.5: 20.0, 0.95: 60.0}), paths=1000).measures["hospital"]
    assert np.quantile(paths[:, 0, 1], [0.25, 0.5, 0.75]).round().tolist() == [14, 20, 42]
    assert paths.max() == 60


def test_the_worst_path_of_one_place_and_measure_is_the_worst_of_all():
    rows = quantiles("east", {0.1: 1.0, 0.9: 9.0}) + quantiles("west", {0.1: 10.0, 0.9: 90.0})
    rows += quantiles("east", {0.1: 0.0, 0.9: 2.0}, measure="icu") + quantiles(
        "west", {0.1: 1.0, 0.9: 8.0}, measure="icu"
    )
    measures = course(rows).measures
    order = np.argsort(measures["hospital"][:, 0, 0], kind="stable")
    for paths in measures.values():
        assert (np.diff(paths[order], axis=0) >= 0).all()


def test_sample_paths_are_taken_as_they_are():
    found = course(sample_paths("east", {1: [5, 6, 7], 2: [50, 60, 70]}))
    assert found.measures["hospital"][:, 0].tolist() == [[5, 6, 7], [50, 60, 70]]
    assert found.weights.tolist() == [0.5, 0.5]
    assert found.notes == ()


def test_only_what_was_made_by_then_is_seen_and_the_latest_of_it():
    rows = (
        quantiles("east", {0.5: 10.0}) + quantiles("east", {0.5: 20.0}, made=1) + quantiles("east", {0.5: 30.0}, made=2)
    )
    assert [course(rows, as_of=k).measures["hospital"][0, 0, 0] for k in (0, 1, 2)] == [10, 20, 30]


def test_days_between_change_evenly_and_days_outside_hold_and_it_is_told():
    rows = quantiles("east", {0.5: 10.0}, first=2, days=1) + quantiles("east", {0.5: 16.0}, first=4, days=1)
    found = course(rows, horizon="5x1")
    assert found.measures["hospital"][0, 0].tolist() == [10, 10, 13, 16, 16]
    assert "do not cover" in found.notes[0].en


def test_the_day_before_is_what_was_reported_of_every_place():
    rows = quantiles("east", {0.5: 10.0})
    assert course(rows, epidemic=counts("east", [5], icu=2.0, hospital=8.0)).before == {"hospital": [8], "icu": [2]}


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (quantiles("east", {0.5: 1.0}, made=3), "nothing that was made by"),
        (quantiles("east", {0.5: 1.0}) + quantiles("west", {0.5: 1.0}, measure="icu"), "not projected for"),
        (sample_paths("east", {1: [1, 2, 3]}) + sample_paths("west", {2: [1, 2, 3]}), "same numbers everywhere"),
        (quantiles("east", {0.5: 1.0}) + quantiles("east", {0.9: 1.0}, first=4, days=1), "same levels on all days"),
    ],
)
def test_projections_that_do_not_fit_together_are_refused(rows, says):
    with pytest.raises(UsageError, match=says):
        course(rows)
