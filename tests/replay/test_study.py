"""Policies compared on one path: nobody beats knowing all."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from tests.laws.random_cases import cases
from tests.laws.solving import EXACT
from tests.replay.test_world import quickly, tiny

import mainstay
from mainstay.errors import SolveError, UsageError
from mainstay.replay import MEASURES, POLICIES, Foresight, Rolling, find_policy, live_through
from mainstay.replay.policies import Written
from mainstay.replay.results import service
from mainstay.tables import REPLAY_TABLES, Case

RULES = ("proportional", "projected", "cover", "first-come", "population")


@settings(quickly, max_examples=5)
@given(cases())
def test_nobody_loses_less_than_the_least_possible_and_foresight_comes_first_in_its_own_order(case: Case):
    policies = [Foresight(options=EXACT), Rolling(options=EXACT), *RULES]
    found = live_through(case, policies, every=2, horizon=f"{case.calendar.num_days}x1")
    for life in found.lives:
        assert life.loss >= found.least - 1e-6 * max(1.0, found.least)
    smallest = {life.name: _smallest_vital_fills(life) for life in found.lives}
    best = smallest["foresight"]
    assert all(sum(fills) <= sum(best) + 1e-5 for fills in smallest.values())


def _smallest_vital_fills(life) -> list[float]:
    """What the first stage of the plan raises: the smallest fill of each vital item that several places need."""
    fills = (
        service(life)
        .filter(tier="vital")
        .group_by("item", "place")
        .agg(fill=(pl.col("served") + pl.col("eased")).sum() / pl.col("need").sum())
        .filter(pl.len().over("item") > 1)
    )
    return fills.group_by("item").agg(pl.col("fill").min())["fill"].to_list()


@pytest.fixture(scope="module")
def replay():
    return live_through(
        tiny(), ["rolling", "cover", "foresight"], leave_out=["conversion", "sharing", "fast-track"], progress=None
    )


def test_every_table_is_as_declared_and_ranks_who_lost_least_first(replay):
    assert set(replay.tables) == set(REPLAY_TABLES)
    for name, table in REPLAY_TABLES.items():
        assert replay.tables[name].columns == [column.name for column in table.columns]
        assert not replay.tables[name].select(pl.struct(table.key).is_duplicated().any()).item(), name
    policies = replay.tables["policies"]
    assert policies["policy"].to_list()[-1] == "cover"
    assert policies["regret"].to_list() == pytest.approx([0.0, 0.0, policies["loss"][2] - replay.least], abs=1e-6)


def test_the_tiny_case_loses_what_the_paper_says(replay):
    """Masks 80 of 500 and suits 10 of 50 are lost at the least: docs/cases/tiny.md."""
    assert replay.least == pytest.approx(80 / 500 + 10 / 50)
    assert replay.lives[0].loss == pytest.approx(0.36)


def test_a_measure_is_worth_what_is_lost_more_without_it(replay):
    worth = dict(replay.tables["replay_worth"].select("measure", "worth").iter_rows())
    assert worth["conversion"] == pytest.approx(20 / 500)  # 20 masks more on the fourth day: docs/cases/tiny.md
    assert worth["sharing"] > worth["conversion"]
    assert worth["fast-track"] == pytest.approx(0.0)


def test_used_lines_are_never_more_than_usable_ones(replay):
    assert replay.tables["replay_lines"].filter(pl.col("used") > pl.col("usable") + 1e-9).is_empty()


def test_changes_of_plan_are_counted_inside_the_frozen_days(replay):
    changes = replay.tables["replay_changes"]
    assert set(changes["policy"]) == {"rolling"}
    assert changes["made_on"].n_unique() == 4  # each morning but the first


def test_the_same_history_gives_the_same_tables(replay):
    again = live_through(tiny(), ["rolling", "cover", "foresight"])
    for name in ("policies", "replay_service", "replay_means"):
        assert again.tables[name].equals(replay.tables[name])


def test_every_measure_can_be_left_out_of_every_bundled_case():
    for name in ("tiny", "cholera-mini", "hubei-2020"):
        case = mainstay.read(mainstay.examples.path(name))
        for measure, leave_out in MEASURES.items():
            assert [str(f) for f in leave_out(case).check().errors] == [], (name, measure)


def test_a_policy_that_is_not_known_is_refused_with_the_nearest_name():
    with pytest.raises(UsageError, match=r'no policy "roling".*"rolling"'):
        find_policy("roling")


def test_days_outside_the_case_are_refused():
    with pytest.raises(UsageError, match="outside the case"):
        live_through(tiny(), ["cover"], first=date(2020, 1, 31))
    with pytest.raises(UsageError, match="after the last day"):
        live_through(tiny(), ["cover"], first=date(2020, 2, 4), last=date(2020, 2, 2))


def test_a_truth_that_the_case_does_not_have_is_refused():
    with pytest.raises(UsageError, match='no needs of the scenario "obsrved"'):
        live_through(tiny(), ["cover"], truth="obsrved")


def test_policies_are_compared_by_different_names():
    with pytest.raises(UsageError, match="each once"):
        live_through(tiny(), ["cover", "cover"])


MINE = """
import mainstay
import polars as pl
from mainstay.replay import ShareOut

def cautious(known):
    return mainstay.make_plan(known.case, in_force=known.in_force, horizon="2x1")

def idle(known):
    return pl.DataFrame(schema={"task": pl.String, "date": pl.Date, "extent": pl.Float64})

def wrong(known):
    return pl.DataFrame({"task": ["fly:moon"], "date": [known.day], "extent": [1.0]})

needy = ShareOut("needy", lambda seen: seen.need ** 2)
"""


def test_a_policy_of_ones_own_is_a_few_lines_of_python(tmp_path):
    file = tmp_path / "mine.py"
    file.write_text(MINE)
    names = [f"{file}:{name}" for name in ("cautious", "idle", "needy")]
    assert isinstance(find_policy(names[0]), Written)

    found = live_through(tiny(), names)

    losses = {life.name: life.loss for life in found.lives}
    assert losses["idle"] == pytest.approx(2.0)  # all vital need of two items
    assert losses["cautious"] < losses["idle"]
    assert losses["needy"] < losses["idle"]
    with pytest.raises(UsageError, match='starts "fly:moon"'):
        live_through(tiny(), [f"{file}:wrong"])
    with pytest.raises(UsageError, match='no "cautios"'):
        find_policy(f"{file}:cautios")


def test_every_policy_has_its_own_name():
    assert all(policy.name == name for name, policy in POLICIES.items())


def test_where_no_plan_is_found_the_plan_in_force_is_kept_to_and_said_so():
    class Failing(Rolling):
        def decide(self, known):
            if known.day == date(2020, 2, 3):
                raise SolveError("no plan today")
            return super().decide(known)

    found = live_through(tiny(), [Failing("failing")], bound=False)

    assert found.to_json()["not_planned"] == {"failing": {"2020-02-03": "no plan today"}}
    assert found.lives[0].loss == pytest.approx(0.36)  # nothing unforeseen came: the plan in force was as good
