"""Scores, classes and use in peacetime: what they are made of, and which way they turn."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mainstay as ms
from mainstay.errors import UsageError
from mainstay.prepare.classes import abc_classes, category, shares_of_classes
from mainstay.prepare.peacetime import peacetime_use, quiet_share
from mainstay.prepare.sample import Sample, sample_futures
from mainstay.prepare.scores import Facts, score_items
from mainstay.stress import all_disruptions, make_model, stress
from mainstay.tables import Case

LAW = settings(max_examples=50)


@pytest.fixture(scope="module")
def futures(tiny: Case) -> Sample:
    return sample_futures(tiny, 80)


@pytest.fixture(scope="module")
def scores(tiny: Case, futures: Sample) -> pl.DataFrame:
    return score_items(tiny, futures=futures)


def row(scores: pl.DataFrame, item: str) -> dict[str, object]:
    return scores.filter(item=item).row(0, named=True)


def test_every_item_that_is_needed_has_a_score_and_the_facts_multiply_to_it(scores):
    assert set(scores["item"]) == {"mask", "suit"}
    products = scores["surge"] * scores["severity"] * scores["irreplaceability"] * scores["urgency"]
    assert scores["score"].to_list() == pytest.approx((100 * products / products.max()).to_list())
    assert scores["score"][0] == 100
    assert scores["rank"].to_list() == [1, 2]


def test_one_maker_makes_an_item_hard_to_replace(scores):
    mask = row(scores, "mask")
    assert (mask["hhi"], mask["substitutes"], mask["irreplaceability"]) == (10_000, 0, 1)


def test_what_daily_users_take_is_the_measure_of_a_surge(tiny, futures, scores):
    usage = pl.DataFrame({"item": ["mask"], "place": ["east"], "usage_per_day": [2.0]})
    known = score_items(tiny.replace(rotations=usage), futures=futures)
    assert row(known, "mask")["surge"] == pytest.approx(row(scores, "mask")["surge"] * 80 / 2)
    assert row(known, "suit")["surge"] == row(scores, "suit")["surge"]


def test_more_stock_is_survived_for_longer_and_scores_lower(tiny, futures, scores):
    needy = tiny.replace(needs=tiny["needs"].with_columns(pl.col("quantity") * 30))
    sample = sample_futures(needy, 80)
    more = needy["stocks"].with_columns(pl.col("quantity") * 5)
    before, after = score_items(needy, futures=sample), score_items(needy.replace(stocks=more), futures=sample)
    assert row(after, "suit")["survive_days"] > row(before, "suit")["survive_days"]


def test_what_stress_found_of_the_loss_of_an_item_stands_before_what_is_worked_out(tiny, futures):
    model = make_model(tiny)
    found = stress(model, all_disruptions(model.case, 3, kinds=("item",)))
    survived = {each.disruption.name: each.survive_days for each in found.exposures}
    mask = row(score_items(tiny, futures=futures, stress=found), "mask")
    assert mask["survive_days"] == pytest.approx(min(survived["item:mask"], 5))


def test_words_of_a_score_are_there_in_both_languages(scores):
    assert scores["text"][0].startswith("Mask: ")
    assert scores["text_zh"][0].startswith("口罩：")


@LAW
@given(
    st.tuples(
        *(st.floats(0.1, 9), st.floats(0.01, 3), st.floats(0, 1e4)),
        *(st.floats(0, 1), st.floats(0, 60), st.floats(0, 60)),
    )
)
def test_a_score_rises_with_each_fact_that_makes_an_item_more_precious(facts):
    one = Facts(*facts)
    surge, severity, hhi, substitutes, recover, survive = facts
    assert 0 <= one.irreplaceability <= 1
    for worse in (
        Facts(2 * surge, severity, hhi, substitutes, recover, survive),
        Facts(surge, 2 * severity, hhi, substitutes, recover, survive),
        Facts(surge, severity, 1e4, substitutes, recover, survive),
        Facts(surge, severity, hhi, substitutes / 2, recover, survive),
        Facts(surge, severity, hhi, substitutes, recover + 1, survive),
        Facts(surge, severity, hhi, substitutes, recover, survive / 2),
    ):
        assert worse.product >= one.product - 1e-12


def test_classes_follow_the_money_and_categories_the_matrix():
    value = {"a": 50.0, "b": 25.0, "c": 15.0, "d": 6.0, "e": 4.0, "f": None}
    assert abc_classes(value) == {"a": "A", "b": "A", "c": "B", "d": "C", "e": "C", "f": "none"}
    matrix = {(abc, ved): category(abc, ved) for abc in "ABC" for ved in ("vital", "essential", "desirable")}
    assert {key for key, found in matrix.items() if found == "I"} == {
        ("A", "vital"), ("A", "essential"), ("A", "desirable"), ("B", "vital"), ("C", "vital"),
    }  # fmt: skip
    assert {key for key, found in matrix.items() if found == "III"} == {("C", "desirable")}
    assert category("none", "vital") == "I"
    assert category("none", "essential") == "none"


def test_the_shares_of_a_published_pharmacy_come_out():
    # Chandigarh, 315 drugs: A 48, B 71, C 196; I 135, II 165, III 15
    abc = ["A"] * 48 + ["B"] * 71 + ["C"] * 196
    shares = shares_of_classes(abc, "ABC")
    assert [round(100 * shares[each], 2) for each in "ABC"] == [15.24, 22.54, 62.22]
    controlled = ["I"] * 135 + ["II"] * 165 + ["III"] * 15
    assert [round(100 * each, 2) for each in shares_of_classes(controlled, ("I", "II", "III")).values()] == [
        42.86, 52.38, 4.76,
    ]  # fmt: skip


@LAW
@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.floats(0.01, 1e6), min_size=1))
def test_the_dearest_item_is_always_a_and_classes_never_rise_as_money_falls(value):
    found = abc_classes(value)
    ordered = [found[item] for item in sorted(value, key=lambda each: (-value[each], each))]
    assert ordered[0] == "A"
    assert ordered == sorted(ordered)


@pytest.fixture(scope="module")
def peaceful(tiny: Case) -> Case:
    items = tiny["items"].with_columns(shelf_life_days=pl.when(pl.col("item") == "suit").then(130))
    usage = pl.DataFrame({"item": ["mask", "suit"], "place": ["east"] * 2, "usage_per_day": [20.0, 0.1]})
    return tiny.replace(items=items, rotations=usage)


def test_lines_are_as_busy_as_daily_users_keep_them(peaceful):
    found = dict(peacetime_use(peaceful).filter(kind="line").select("name", "utilisation").rows())
    assert found["mask"] == pytest.approx(20 / 80)
    assert found["sewing"] == pytest.approx(0.1 / 10)


def test_a_kept_line_more_is_less_busy_and_idle_lines_are_named(peaceful):
    found = peacetime_use(peaceful, lines={"mask": 4.0}, threshold=0.2)
    (line,) = found.filter(kind="line").iter_rows(named=True)
    assert line["utilisation"] == pytest.approx(20 / 160)
    assert line["is_idle"]
    assert not peacetime_use(peaceful, lines={"mask": 2.0}, threshold=0.2)["is_idle"][0]


def test_a_stock_stays_fresh_where_users_take_it_within_its_life(peaceful):
    few, many = (peacetime_use(peaceful, held={("suit", "east"): held}) for held in (10.0, 20.0))
    assert few.filter(kind="stock")["utilisation"].to_list() == [pytest.approx(1.0)]
    assert many.filter(kind="stock")["utilisation"].to_list() == [pytest.approx(0.5)]
    assert "50% of it will expire" in many.filter(kind="stock")["text"][0]


def test_a_use_that_nobody_knows_is_not_zero(tiny):
    found = peacetime_use(tiny)
    assert found["utilisation"].null_count() == found.height == 2
    assert found["is_idle"].null_count() == 2
    assert "fill rotations" in found["text"][0]


def test_a_threshold_is_a_share(tiny):
    with pytest.raises(UsageError, match="share from 0 to 1"):
        peacetime_use(tiny, threshold=2)


def test_quiet_years_are_those_without_an_event(tiny):
    assert quiet_share(tiny) == pytest.approx(2.718281828**-0.55)


def test_scores_are_given_for_a_case_that_derives_its_needs():
    case = ms.read(ms.examples.path("cholera-mini"))
    found = score_items(case)
    assert {"ORS-1L", "RL-1L", "BED"} <= set(found["item"])
    assert (found["score"] >= 0).all()
