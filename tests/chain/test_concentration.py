"""In how few hands an item is: published figures, hidden inputs, laws."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.chain.small import chain_of, index, mask_case

from mainstay.chain import hhi


def test_shares_of_50_30_and_20_per_cent_give_the_published_3800():
    assert hhi([50, 30, 20]) == pytest.approx(3800)


def test_one_hand_is_ten_thousand_and_nothing_is_nothing():
    assert hhi([7]) == 10_000
    assert hhi([]) == hhi([0, 0]) == 0


@given(st.integers(1, 200))
def test_one_more_source_never_concentrates_an_equal_split(number):
    assert hhi([1] * (number + 1)) < hhi([1] * number)


def test_makers_of_50_30_and_20_a_day_give_the_published_index():
    chain = chain_of(mask_case({"anna": 50, "bert": 30, "cleo": 20}))

    assert index(chain, "mask") == 3800


def test_two_equal_makers_that_rest_on_one_of_cloth_are_in_one_hidden_hand():
    chain = chain_of(mask_case({"anna": 50, "bert": 50}, {"carl": 100}))

    assert index(chain, "mask") == 5000
    assert index(chain, "mask", "cloth") == 10_000


def test_a_hidden_hand_two_tiers_up_is_found_behind_many_between():
    chain = chain_of(mask_case({"anna": 50, "bert": 50}, {"carl": 50, "dora": 50}, {"rosa": 100}))

    assert index(chain, "mask", "cloth") == 5000
    assert index(chain, "mask", "resin") == 10_000
    tiers = chain.tables["concentration"].filter(item="mask", input="resin", level="enterprise")["tier"]
    assert tiers.to_list() == [2]


@pytest.mark.parametrize("level", ["enterprise", "owner", "region"])
@pytest.mark.parametrize("source", [None, "cloth", "resin"])
def test_one_more_equal_maker_of_cloth_raises_no_index(level, source):
    before = chain_of(mask_case(cloth={"carl": 50, "dora": 50}))
    after = chain_of(mask_case(cloth={"carl": 50, "dora": 50, "west_emil": 50}))

    assert index(after, "mask", source, level) <= index(before, "mask", source, level)


def test_enterprises_of_one_owner_are_one_hand_at_its_level():
    chain = chain_of(mask_case({"anna": 50, "bert": 50}, owners={"anna": "group", "bert": "group"}))

    assert index(chain, "mask") == 5000
    assert index(chain, "mask", level="owner") == 10_000
    largest = chain.tables["concentration"].filter(item="mask", level="owner", tier=0)["largest"]
    assert largest.to_list() == ["group"]


def test_two_regions_are_two_hands_at_their_level():
    chain = chain_of(mask_case({"anna": 50, "westa": 50}))

    assert index(chain, "mask", level="region") == 5000


def test_a_single_source_is_told_with_what_its_stock_lasts():
    chain = chain_of(mask_case(cloth={"carl": 100}, stock={"cloth": 250}))
    sole = chain.tables["single_sources"].filter(item="cloth", level="enterprise").row(0, named=True)

    assert sole["sole"] == "carl"
    assert sole["places"] == "east;west"
    assert sole["cover_days"] == 2.5
    assert (
        chain_of(mask_case(cloth={"carl": 50, "dora": 50}))
        .tables["single_sources"]
        .filter(item="cloth", level="enterprise")
        .is_empty()
    )
