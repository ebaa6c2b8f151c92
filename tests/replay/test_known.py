"""What is known on a morning: all that stands, waits and is under way, and nothing of what comes later."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.laws.random_cases import START, cases
from tests.laws.solving import EXACT
from tests.replay.test_world import history_of, quickly, tiny

import mainstay
from mainstay.plan import make_plan
from mainstay.replay import History, Known, Rolling, Rules, World, history, live
from mainstay.replay.known import look
from mainstay.tables import Case

ROLLING = Rolling(options=EXACT)


def announced(case: Case) -> Case:
    """The case with all its windows known from the first day on."""
    tables = {name: case[name].with_columns(known_on=pl.lit(START)) for name in ("availability", "imports")}
    return case.replace(**tables)


@quickly
@given(cases().map(announced), st.integers(1, 3))
def test_a_plan_made_on_any_morning_passes_its_check_and_can_be_carried_out(case: Case, every: int):
    seen: list[Known] = []

    class Looking:
        name = "looking"

        def decide(self, known: Known) -> mainstay.Plan:
            seen.append(known)
            left = case.calendar.num_days - (known.day - START).days
            plan = make_plan(known.case.replace(horizon=f"{left}x1"), options=EXACT)
            assert [str(violation) for violation in plan.check.violations] == []
            return plan

    life = live(history_of(case), Looking(), every=every, horizon=f"{case.calendar.num_days}x1")

    cut = [life.rules.tasks["task"].filter(pl.Series(day.blame >= 0)).to_list() for day in life.days]
    assert cut == [[] for _ in life.days]
    assert [known.day for known in seen] == life.dates[::every]


def after(case: Case, orders: dict[str, float], days: int) -> Known:
    """What is known after some days of a history in which these tasks were started on the first day."""
    rules = Rules.of(case.replace(horizon=f"{case.calendar.num_days}x1"))
    world = World(rules)
    state, done = world.begin(), []
    for day in range(days):
        x = (
            rules.tasks.select(pl.col("task").replace_strict(orders if day == 0 else {}, default=0.0))
            .to_numpy()
            .astype(float)
        )
        done.append(world.live(state, x).done)
    return look(history_of(case), rules, state, done, horizon="3x1", in_force=None, days=1)


def test_goods_under_way_are_lots_that_arrive():
    known = after(tiny(), {"make:make_mask@L1": 80.0, "ship:east_west:mask": 50.0}, days=1)
    lots = known.case["stocks"].filter(item="mask").sort("place")

    assert lots.select("place", "quantity", "arrives").rows() == [
        ("east", 30.0, None),
        ("west", 50.0, None),  # it left yesterday and is there this morning
        ("west", 20.0, None),
    ]


def test_suits_that_wait_for_release_arrive_when_they_are_out():
    orders = {"make:sew_suit@L3": 10.0, "release:release_suit@L4": 10.0}
    lots = after(tiny(), orders, days=1).case["stocks"].filter(item="suit", owner="enterprise")

    assert lots.select("place", "quantity", "arrives").rows() == [("east", 10.0, date(2020, 2, 3))]


def test_converted_lines_stand_by_the_line_that_gave_them_and_run_when_they_are_ready():
    known = after(tiny(), {"convert:nappy_to_mask@L2": 1.0}, days=1)
    lines = known.case["lines"]
    came = lines.filter(pl.col("from_line") == "L2").row(0, named=True)

    assert lines.filter(line="L2")["quantity"].item() == 0
    assert (came["kind"], came["quantity"], came["conversion"]) == ("mask", 1.0, "nappy_to_mask")
    shares = known.case["availability"].filter(subject=came["line"]).select("from", "share").rows()
    assert shares == [(date(2020, 2, 2), 0.0), (date(2020, 2, 4), 1.0)]
    assert known.case["pools"]["quantity"].to_list() == [500.0]
    assert known.names[came["line"]] == "L2>mask"


def test_needs_that_wait_are_known_with_the_days_they_may_still_wait():
    case = tiny().replace(needs=tiny()["needs"].with_columns(patience_days=pl.lit(2)))
    late = after(case, {}, days=2).case["needs"].filter(pl.col("since").is_not_null(), item="suit", place="west")

    assert late.select("date", "since", "quantity", "patience_days").sort("since").rows() == [
        (date(2020, 2, 3), date(2020, 2, 1), 6.0, 0),
        (date(2020, 2, 3), date(2020, 2, 2), 6.0, 1),
    ]


@pytest.fixture(scope="module")
def cholera() -> Case:
    """The bundled cholera case, whose needs are derived from counts; the needs that come are seeded and synthetic."""
    return mainstay.read("examples/cholera-mini").replace(horizon="8x1 1x4")


def decisions_until(case: Case, day: date, last: date) -> list[pl.DataFrame]:
    """What a rolling plan decides on each morning up to a day."""
    life = live(history(case, last=last), Rolling(), every=2)
    return [moment.decisions for moment in life.moments if moment.made_on <= day]


def test_changing_what_became_known_later_changes_no_decision(cholera):
    """Counts, lines and lanes of later days, as reported, all differ; what was decided before does not."""
    day, last = cholera.start + timedelta(days=2), cholera.start + timedelta(days=3)
    later = pl.coalesce("known_on", "date") > day
    worse = pl.when(later).then(pl.col("confirmed") * 7 + 100).otherwise("confirmed")
    closed = pl.DataFrame(
        {
            "subject_kind": ["line", "lane"],
            "subject": ["*", "*"],
            "from": [last, last],
            "share": [0.1, 0.1],
            "known_on": [last, last],
        }
    )
    changed = cholera.replace(
        epidemic=cholera["epidemic"].with_columns(confirmed=worse),
        availability=pl.concat([cholera["availability"], closed], how="diagonal_relaxed"),
    )

    before, after_change = (decisions_until(case, day, last) for case in (cholera, changed))

    assert len(before) == len(after_change) == 2
    assert all(one.equals(other) for one, other in zip(before, after_change, strict=True))


def test_needs_of_the_truth_are_hidden_until_their_day():
    true = tiny()["needs"].with_columns(scenario=pl.lit("came"), quantity=pl.col("quantity") * 3)
    case = tiny().replace(needs=pl.concat([tiny()["needs"], true]))
    lived = history(case, "came")
    rules = Rules.of(lived.true)
    state = World(rules).begin()

    known = look(lived, rules, state, [], horizon="5x1", in_force=None, days=1)

    assert isinstance(lived, History)
    assert "came" not in known.case["needs"]["scenario"]
    assert known.case["needs"].height == tiny()["needs"].height


def test_what_a_plan_begins_that_is_ready_only_after_the_last_day_is_no_task_of_the_world():
    """The makers of nappies ask for a licence on the first day; it comes when the two days are over."""
    makers = {"enterprise": ["maskworks", "nappyworks"], "item": ["mask", "mask"], "state": ["held", "none"]}
    licences = pl.DataFrame({**makers, "fast_review_days": [None, 3]})
    case = tiny().replace(
        licences=pl.concat([tiny()["licences"], licences], how="diagonal_relaxed"),
        processes=tiny()["processes"].with_columns(licence=pl.col("item") == "mask"),
    )

    life = live(history(case, last=START + timedelta(days=1)), ROLLING, horizon="5x1")

    begun = life.moments[0].in_force
    assert begun is not None
    assert "license:nappyworks:mask:fast" in begun["task"].to_list()
    assert life.rules.tasks.filter(kind="license").is_empty()
