"""Rules of use: what people use each day, what stands with them, and what each sparing mode saves."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.demand.small import DAYS, course, small_case

from mainstay.demand.items import Good, Use, equipped, needed, use_rules, used
from mainstay.demand.people import people_by_setting
from mainstay.demand.quantiles import quantiles
from mainstay.tables import Case

SEVERE = [[[20, 30, 20, 40, 60], [8, 8, 8, 8, 8]]]


def needs_of(case: Case, the_course, place: int = 0, mode: str = "conventional") -> dict[tuple[str, str], np.ndarray]:
    """(item, tier) -> needs of a place by day and path."""
    people, rules = people_by_setting(case, the_course), use_rules(case)
    counts = used(rules, people.settings, people.block(np.array([place])))
    found = needed(rules.units[people.risks[place], mode], counts)
    return {(good.item, good.tier): found[g, 0] for g, good in enumerate(rules.goods)}


def test_needs_are_people_times_use_with_waste_over_all_settings():
    needs = needs_of(small_case(), course(new_cases=10, severe=SEVERE))

    assert needs["suit", "vital"][:, 0] == pytest.approx([22, 33, 22, 44, 44])  # 10, 15, 10, 20, 20 x 2 x 1.1
    assert needs["mask", "vital"][:, 0] == pytest.approx([112, 132, 112, 152, 152])  # ward x 4 + 24 x 3
    assert needs["mask", "desirable"][:, 0] == pytest.approx([10] * DAYS)


def test_what_is_held_is_needed_when_the_count_rises_above_all_before():
    assert needs_of(small_case(), course(new_cases=10, severe=SEVERE))["bed", "vital"][:, 0].tolist() == [
        10,
        5,
        0,
        5,
        0,
    ]


def test_the_people_of_the_day_before_hold_theirs_already():
    the_course = course(new_cases=10, severe=SEVERE)
    the_course.before["severe"][:] = 24

    assert needs_of(small_case(), the_course)["bed", "vital"][:, 0].tolist() == [0, 3, 0, 5, 0]


def test_where_the_day_before_is_not_known_all_must_be_equipped():
    assert equipped(np.full((1, 2, 1), 5, np.float32), np.array([np.nan]), 0).ravel().tolist() == [5, 0]


def test_an_item_has_the_tier_of_its_row_else_of_its_setting():
    case = small_case()
    rules = case["guidelines"].with_columns(tier=pl.when(item="bed").then(pl.lit("essential")))

    assert Good("bed", "essential") in use_rules(case.replace(guidelines=rules)).goods


def test_each_mode_says_what_is_used_in_place_of_the_one_before():
    the_course = course(new_cases=10, severe=20)
    case = small_case(deepest_mode="crisis")

    assert [
        needs_of(case, the_course, mode=m)["suit", "vital"][0, 0] for m in ("contingency", "crisis")
    ] == pytest.approx([11, 5.5])
    assert needs_of(case, the_course, mode="crisis")["mask", "vital"][0, 0] == pytest.approx(112)


def test_modes_go_no_deeper_than_the_case_allows():
    assert use_rules(small_case(deepest_mode="contingency")).modes == ("conventional", "contingency")


def test_goods_held_for_a_life_are_counted_apart():
    case = small_case()
    rules = case["guidelines"].with_columns(life_days=pl.when(item="bed").then(30))

    assert Use("ward", True, 30) in use_rules(case.replace(guidelines=rules)).uses


def test_the_order_of_rows_changes_nothing():
    case = small_case(deepest_mode="crisis")
    turned = case.replace(guidelines=case["guidelines"].reverse(), settings=case["settings"].reverse())
    the_course = course(new_cases=10, severe=SEVERE)

    one, other = needs_of(case, the_course), needs_of(turned, the_course)

    assert all((one[good] == other[good]).all() for good in one)


counts = st.lists(st.integers(0, 1000), min_size=DAYS, max_size=DAYS)


@settings(max_examples=50)
@given(counts, counts, st.integers(0, 4))
def test_more_patients_never_lower_a_need_and_of_what_is_held_never_the_sum_so_far(people, more, life):
    def needs(severe: list[int]) -> dict[tuple[str, str], np.ndarray]:
        case = small_case()
        rules = case["guidelines"].with_columns(life_days=pl.when(item="bed").then(life or None))
        return needs_of(case.replace(guidelines=rules), course(new_cases=5, severe=[[severe, severe]]))

    fewer, larger = needs(people), needs([a + b for a, b in zip(people, more, strict=True)])

    for good in fewer:
        if good[0] == "bed":
            assert (larger[good].cumsum(0) >= fewer[good].cumsum(0) - 1e-3).all()
        else:
            assert (larger[good] >= fewer[good] - 1e-3).all()


@settings(max_examples=50)
@given(counts)
def test_needs_add_up_over_settings(severe):
    the_course, case = course(new_cases=7, severe=[[severe, severe]]), small_case()

    parts = [
        needs_of(case.replace(guidelines=case["guidelines"].filter(setting=setting)), the_course)
        for setting in ("ward", "clinic", "public")
    ]

    for good, whole in needs_of(case, the_course).items():
        assert sum(part[good] for part in parts if good in part) == pytest.approx(whole)


@given(st.lists(st.floats(0, 100, width=32), min_size=1, max_size=30), st.floats(0.01, 0.99))
def test_equal_weights_and_weights_give_the_same_quantile(values, level):
    array = np.array(values, dtype=np.float32)
    equal = np.full(len(array), 1 / len(array))
    ranked = quantiles(array.copy(), equal, (level,))[0]

    assert (array <= ranked).mean() >= level - 1e-6
    assert (array < ranked).mean() < level + 1e-6


def test_a_path_of_more_weight_moves_the_median():
    values = np.array([1, 2, 3], dtype=np.float32)

    assert quantiles(values.copy(), np.full(3, 1 / 3), (0.5,)).tolist() == [2]
    assert quantiles(values.copy(), np.array([0.2, 0.2, 0.6]), (0.5,)).tolist() == [3]
