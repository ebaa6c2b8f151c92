"""An exercise: people decide, day by day; the world follows from what they decided, and from nothing later."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mainstay as ms
from mainstay.errors import UsageError
from mainstay.replay import RULES, TEAM, Decided, Exercise, Rules, beside, history, live, live_through
from mainstay.replay.beside import ToldReplay
from mainstay.replay.policies import Rolling
from mainstay.tables import Case
from mainstay.tables.replay_tables import REPLAY_TABLES


@pytest.fixture(scope="module")
def tiny() -> Case:
    return ms.read(ms.examples.path("tiny"))


@pytest.fixture(scope="module")
def cholera() -> Case:
    return ms.read(ms.examples.path("cholera-mini")).replace(horizon="6x1")


def same(one, other) -> None:
    """Both lives are the same, to the last digit."""
    assert len(one.days) == len(other.days)
    for a, b in zip(one.days, other.days, strict=True):
        for name in ("done", "need", "served", "eased", "waiting", "lost", "expired", "left", "blame"):
            assert np.array_equal(getattr(a, name), getattr(b, name)), name
    assert np.array_equal(one.costs, other.costs)
    assert np.array_equal(one.dips, other.dips)


def decided_by_rules(exercise: Exercise, names: list[str]) -> list[dict[str, float]]:
    """What is decided when each day one rule's proposal is taken."""
    kept = []
    for name in names:
        orders = exercise.proposal(name, exercise.known())
        exercise.live(orders)
        kept.append(orders)
    return kept


@pytest.mark.parametrize("rule", list(RULES))
def test_who_takes_a_rules_proposal_every_day_lives_as_the_rule_does(tiny, rule):
    lived = history(tiny)
    exercise = Exercise(lived)
    decided_by_rules(exercise, [rule] * lived.num_days)
    same(exercise.life(), live(lived, RULES[rule]))


def test_who_takes_the_plans_proposal_every_day_lives_as_the_rolling_plan_does(tiny):
    lived = history(tiny)
    exercise, plans = Exercise(lived), Rolling()
    while not exercise.is_over:
        known = exercise.known()
        exercise.live(exercise.of_plan(plans.decide(known), known))
    assert exercise.life().loss == pytest.approx(live(lived, plans).loss)


@settings(deadline=None, max_examples=15)
@given(data=st.data())
def test_folding_decisions_is_living_by_them_as_a_policy(tiny, data):
    """Whatever is ordered of whatever task: the two ways to the world agree exactly."""
    lived = history(tiny)
    tasks = Rules.of(lived.true).tasks.filter(pl.col("kind").is_in(["make", "ship", "convert", "reserve", "serve"]))
    orders = st.dictionaries(st.sampled_from(tasks["task"].to_list()), st.floats(0.5, 200), max_size=6)
    decided = [data.draw(orders) for _ in range(lived.num_days)]
    by_day = {lived.first + timedelta(days=n): each for n, each in enumerate(decided)}
    same(Exercise(lived, decided).life(), live(lived, Decided(by_day)))


def test_the_same_holds_where_needs_are_derived_from_counts(cholera):
    lived = history(cholera)
    exercise = Exercise(lived)
    decided = decided_by_rules(exercise, ["cover", "first-come", "population", "cover", "projected", "proportional"])
    by_day = {lived.first + timedelta(days=n): each for n, each in enumerate(decided)}
    same(Exercise(lived, decided).life(), live(lived, Decided(by_day)))


def test_what_comes_later_changes_nothing_of_a_morning(cholera):
    """Counts, lines and lanes of later days differ; what is known, asked for and proposed is the same."""
    day = cholera.start + timedelta(days=2)
    later = pl.coalesce("known_on", "date") > day
    worse = pl.when(later).then(pl.col("confirmed") * 7 + 100).otherwise("confirmed")
    closed = {"subject_kind": ["line", "lane"], "subject": ["*", "*"], "share": [0.1, 0.1]}
    dated = pl.DataFrame(closed).with_columns(pl.lit(day + timedelta(days=1)).alias(n) for n in ("from", "known_on"))
    changed = cholera.replace(
        epidemic=cholera["epidemic"].with_columns(confirmed=worse),
        availability=pl.concat([cholera["availability"], dated], how="diagonal_relaxed"),
    )
    mornings = []
    for case in (cholera, changed):
        exercise = Exercise(history(case))
        decided_by_rules(exercise, ["cover", "cover"])
        known = exercise.known()
        mornings.append((known.case, exercise.asked(), [exercise.proposal(rule, known) for rule in RULES]))
    (before, asked, proposed), (after, asked_after, proposed_after) = mornings
    assert all(before[name].equals(after[name]) for name in ("stocks", "needs", "lines", "pools", "licences"))
    assert asked.equals(asked_after)
    assert proposed == proposed_after


def test_an_unknown_task_is_refused_by_name(tiny):
    with pytest.raises(UsageError, match='no task "ship:nowhere:mask"'):
        Exercise(history(tiny)).live({"ship:nowhere:mask": 1.0})


def test_nothing_is_decided_after_the_last_day(tiny):
    exercise = Exercise(history(tiny), [{}] * 5)
    assert exercise.is_over
    with pytest.raises(UsageError, match="2020-02-05, is lived through"):
        exercise.live({})


def test_the_team_stands_beside_the_policies_as_if_it_had_been_replayed_with_them(tiny):
    lived = history(tiny)
    exercise = Exercise(lived)
    decided = decided_by_rules(exercise, ["cover", "projected", "cover", "first-come", "cover"])
    by_day = {lived.first + timedelta(days=n): each for n, each in enumerate(decided)}
    others = live_through(tiny, ["cover", "population"])
    together = live_through(tiny, [Decided(by_day), "cover", "population"])
    joined = beside(ToldReplay(others.case, others.tables, others.names, others.least), exercise.life())
    assert joined.names == [TEAM, "cover", "population"]
    for name in REPLAY_TABLES:
        key = [c.name for c in REPLAY_TABLES[name].columns if c.key]
        one, other = joined.tables[name], together.tables[name]
        if name != "replay_forecasts":
            assert one.sort(key).equals(other.sort(key)), name
