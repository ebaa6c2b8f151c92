"""Events: what is drawn follows the tables, and nothing that they do not say."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mainstay as ms
from mainstay.errors import UsageError
from mainstay.prepare.draws import between, stream
from mainstay.prepare.events import events_of, library, with_library
from mainstay.prepare.pool import geometric_pool, linear_pool, pooled
from mainstay.prepare.sample import Sample, sample_futures
from mainstay.stress import Target
from mainstay.tables import Case, make_case


def day(number: int) -> date:
    return date(2020, 2, number)


def one_event(case: Case, event: dict[str, object], *effects: dict[str, object]) -> Case:
    """The case with one event and its effects."""
    row = {"event": "it", "name": "It", "chance": 1.0, "reach": "country", **event}
    return case.replace(events=pl.DataFrame([row]), event_effects=pl.DataFrame([{"event": "it", **e} for e in effects]))


def need(target: str, factor: float, **more: object) -> dict[str, object]:
    return {"effect": "need", "target": target, "low": factor, "high": factor, **more}


def in_future(sample: Sample, number: int = 0) -> pl.DataFrame:
    return sample[number].needs.sort("item", "place", "date")


@pytest.fixture(scope="module")
def sampled(tiny: Case) -> Sample:
    return sample_futures(tiny, 80)


@pytest.fixture(scope="module")
def cholera() -> Case:
    return ms.read(ms.examples.path("cholera-mini"))


def test_the_library_is_sound_on_every_bundled_case():
    for name in ms.examples.NAMES:
        case = ms.read(ms.examples.path(name))
        assert not with_library(case).check().errors


def test_every_kind_of_event_that_is_asked_for_is_in_the_library():
    events = library()["events"]
    assert set(events["kind"]) == {"epidemic", "sudden", "steady"}
    assert {"around", "country", "place"} == set(events["reach"])
    assert events["source"].null_count() == 0
    assert library()["event_effects"]["source"].null_count() == 0


def test_a_steady_event_asks_for_its_factor_of_the_reference_every_day(tiny):
    case = one_event(tiny, {"kind": "steady"}, need("*", 2.0))
    found = in_future(sample_futures(case, 1))
    masks = found.filter(item="mask", place="east")
    reference = tiny["needs"].filter(item="mask", place="east")["quantity"].sum() / 5
    assert masks["quantity"].to_list() == [2 * reference] * 5


def test_a_sudden_need_is_halved_in_every_half_life(tiny):
    case = one_event(tiny, {"kind": "sudden"}, need("*", 1.0, days_low=2.0, days_high=2.0))
    masks = in_future(sample_futures(case, 1)).filter(item="mask", place="east")["quantity"]
    assert masks[2] == pytest.approx(masks[0] / 2, rel=1e-4)
    assert masks[4] == pytest.approx(masks[0] / 4, rel=1e-4)


def test_the_closest_row_counts_an_item_before_its_family_before_all(tiny):
    case = one_event(tiny, {"kind": "steady"}, need("*", 1.0), need("finished", 2.0), need("suit", 3.0))
    alone = one_event(tiny, {"kind": "steady"}, need("*", 1.0))
    found, plain = in_future(sample_futures(case, 1)), in_future(sample_futures(alone, 1))
    ratio = found["quantity"] / plain["quantity"]
    by_item = dict(zip(found["item"], ratio.round(4), strict=True))
    assert by_item == {"mask": 2.0, "suit": 3.0}


def test_what_is_usually_needed_is_needed_where_the_event_does_not_strike_too(tiny):
    case = one_event(tiny, {"kind": "steady", "reach": "place", "usual_share": 0.5}, need("*", 1.0))
    masks = in_future(sample_futures(case, 1)).filter(item="mask").group_by("place").agg(pl.col("quantity").sum())
    reference = dict(tiny["needs"].filter(item="mask").group_by("place").agg(pl.col("quantity").sum()).iter_rows())
    ratios = sorted(quantity / reference[place] for place, quantity in masks.iter_rows())
    assert ratios == pytest.approx([0.5, 1.5], rel=1e-4)


def test_a_loss_of_the_places_struck_names_them_and_stays_in_the_horizon(tiny):
    loss = {"effect": "loss", "target": "region:struck", "low": 0.4, "high": 0.4, "days_low": 90.0, "days_high": 90.0}
    case = one_event(tiny, {"kind": "steady", "reach": "place"}, need("*", 1.0), {**loss, "delay_days": 2})
    sample = sample_futures(case, 20)
    for future in sample:
        (lost,) = future.disruptions
        struck = set(future.needs["place"])
        assert lost.targets == tuple(Target("region", place) for place in sorted(struck))
        assert (lost.first_day, lost.days) == (2, 3)
        assert lost.share == pytest.approx(0.4)
    assert {future.disruptions[0].targets[0].name for future in sample} == {"east", "west"}


def test_an_epidemic_derives_its_needs_from_people_and_rules_of_use(cholera):
    case = cholera.replace(**library())
    sample = sample_futures(case, 8, seed=3)
    number = next(i for i, name in enumerate(sample.names) if name.startswith("cholera"))
    found = sample[number].needs
    assert {"ORS-1L", "RL-1L"} <= set(found["item"])
    assert (found["quantity"] > 0).all()


def test_more_virulence_never_needs_less(cholera):
    def drawn(factor: float) -> Sample:
        shares = [
            {"effect": "parameter", "target": "severe_share", "low": factor, "high": factor},
            {"effect": "parameter", "target": "critical_share", "low": 0.01, "high": 0.01},
            {"effect": "parameter", "target": "moderate_share", "low": 0.1, "high": 0.1},
        ]
        return sample_futures(one_event(cholera, {"kind": "epidemic"}, need("*", 1.0), *shares), 4, seed=1)

    assert (drawn(0.3).quantity >= drawn(0.1).quantity - 1e-3).all()


def test_the_same_seed_gives_the_same_futures_and_another_seed_others(tiny, sampled):
    again, other = sample_futures(tiny, 80), sample_futures(tiny, 80, seed=1)
    assert np.array_equal(again.quantity, sampled.quantity)
    assert again.disruptions == sampled.disruptions
    assert not np.array_equal(other.quantity, sampled.quantity)


def test_the_order_of_rows_and_other_events_change_no_future(tiny, sampled):
    shuffled = {name: frame.sample(fraction=1, shuffle=True, seed=5) for name, frame in library().items()}
    assert np.array_equal(sample_futures(tiny.replace(**shuffled), 80).quantity, sampled.quantity)
    without = {name: frame.filter(pl.col("event") != "border_closure") for name, frame in library().items()}
    fewer = sample_futures(tiny.replace(**without), 70)
    kept = [i for i, name in enumerate(sampled.names) if not name.startswith("border_closure")]
    assert np.array_equal(fewer.quantity, sampled.quantity[kept])


def test_the_weights_of_the_futures_are_the_chances_of_their_events(tiny, sampled):
    chances = dict(library()["events"].select("event", "chance").iter_rows())
    for event, chance in chances.items():
        mine = sum(w for name, w in zip(sampled.events, sampled.weights, strict=True) if name == event)
        assert mine == pytest.approx(chance / sum(chances.values()))


@settings(max_examples=25)
@given(st.floats(0.01, 100), st.just(1.0) | st.floats(1.01, 50))
def test_ninety_of_a_hundred_draws_lie_within_their_range(low, ratio):
    drawn = between(stream(0, "law"), low, low * ratio, 4000)
    assert np.mean((drawn >= low * (1 - 1e-9)) & (drawn <= low * ratio * (1 + 1e-9))) == pytest.approx(
        1.0 if ratio == 1 else 0.9, abs=0.03 if ratio > 1 else 1e-9
    )


def test_too_few_futures_to_show_every_event_are_refused(tiny):
    with pytest.raises(UsageError, match="at least 8"):
        sample_futures(tiny, 5)


def test_a_future_without_needs_is_refused(tiny):
    with pytest.raises(UsageError, match="Nothing is needed in the future it-1"):
        sample_futures(one_event(tiny, {"kind": "steady"}, need("cloth", 1.0)), 1)


def test_a_case_that_needs_nothing_has_no_futures():
    case = make_case(day(1), {"places": pl.DataFrame({"place": ["a"], "name": ["A"], "kind": ["area"]})}, horizon="5x1")
    with pytest.raises(UsageError, match="Nothing is needed"):
        sample_futures(case, 8)


def experts(*rows: tuple[str, float, float, float]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {"expert": expert, "event": event, "weight": weight, "standing": standing}
            for expert, standing, *weights in rows
            for event, weight in zip(("a", "b"), weights, strict=True)
        ]
    )


def test_experts_are_pooled_by_their_standing():
    table = experts(("one", 3.0, 0.8, 0.2), ("two", 1.0, 0.4, 0.6))
    assert pooled(table) == pytest.approx({"a": 0.7, "b": 0.3})
    a, b = 0.8**0.75 * 0.4**0.25, 0.2**0.75 * 0.6**0.25
    assert pooled(table, "geometric") == pytest.approx({"a": a / (a + b), "b": b / (a + b)})


def test_what_one_expert_holds_impossible_only_the_linear_pool_keeps():
    weights, standing = np.array([[1.0, 0.0], [0.5, 0.5]]), np.ones(2)
    assert linear_pool(weights, standing).tolist() == [0.75, 0.25]
    assert geometric_pool(weights, standing).tolist() == [1.0, 0.0]
    with pytest.raises(UsageError, match="possible by all"):
        geometric_pool(np.eye(2), standing)


@settings(max_examples=50)
@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 10_000))
def test_a_pool_sums_to_one_and_keeps_what_all_agree_on(num_experts, num_events, seed):
    rng = np.random.default_rng(seed)
    weights, standing = rng.dirichlet(np.ones(num_events), num_experts), rng.uniform(0.1, 5, num_experts)
    for pool in (linear_pool, geometric_pool):
        assert pool(weights, standing).sum() == pytest.approx(1)
        assert pool(np.tile(weights[:1], (num_experts, 1)), standing) == pytest.approx(weights[0])


def test_judgements_that_do_not_sum_or_leave_out_an_event_are_refused():
    with pytest.raises(UsageError, match=r"sum to 1\.1"):
        pooled(experts(("one", 1.0, 0.8, 0.3)))
    with pytest.raises(UsageError, match="one judged not every event"):
        pooled(experts(("one", 1.0, 1.0, 0.0), ("two", 1.0, 0.5, 0.5)).slice(1))
    with pytest.raises(UsageError, match='no pool "median"'):
        pooled(experts(("one", 1.0, 0.5, 0.5)), "median")  # type: ignore[arg-type]


def test_judgements_of_a_case_share_out_the_chance_of_its_events(tiny):
    tables = library()
    names = tables["events"]["event"].sort().to_list()
    shares = [0.65, *[0.05] * 7]
    judged = pl.DataFrame({"expert": ["panel"] * 8, "event": names, "weight": shares})
    found = events_of(tiny.replace(**tables, judgements=judged))
    total = tables["events"]["chance"].sum()
    assert [event.chance for event in found] == pytest.approx([total * share for share in shares])
