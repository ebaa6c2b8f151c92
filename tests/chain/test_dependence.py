"""Who depends on whom: all inputs are needed, any source will do, others may step in."""

from __future__ import annotations

from tests.chain.small import chain_of, mask_case, share


def test_all_masks_rest_on_the_only_maker_of_cloth_and_half_on_each_maker_of_masks():
    chain = chain_of(mask_case({"anna": 50, "bert": 50}, {"carl": 100}))

    assert [share(chain, each) for each in ("anna", "bert", "carl", "rosa")] == [0.5, 0.5, 1, 1]


def test_a_second_source_halves_what_rests_on_the_first():
    chain = chain_of(mask_case(cloth={"carl": 50, "dora": 50}))

    assert share(chain, "carl") == share(chain, "dora") == 0.5
    assert share(chain, "rosa") == 1


def test_others_with_spare_capacity_make_good_a_part_of_the_loss():
    chain = chain_of(mask_case({"anna": 75, "bert": 75}, {"carl": 1000}, {"rosa": 1000}, need=100))

    assert share(chain, "anna") == 0.5
    assert share(chain, "anna", "lost") == 0.25  # bert makes 75 of the 100 needed


def test_nothing_is_lost_where_the_others_can_make_all():
    chain = chain_of(mask_case({"anna": 100, "bert": 100}, {"carl": 200}, {"rosa": 200}, need=100))

    assert share(chain, "anna", "lost") == 0
    assert share(chain, "carl", "lost") == 1


def test_steps_are_counted_from_direct_customers_on():
    rows = chain_of(mask_case()).tables["dependence"].filter(enterprise="anna")

    assert rows.select("supplier", "via", "steps", "share").rows() == [("carl", "cloth", 1, 1), ("rosa", "cloth", 2, 1)]


def test_what_cannot_be_shipped_does_not_help():
    case = mask_case({"anna": 50}, {"carl": 50, "west_emil": 50})
    apart = case.replace(lanes=case["lanes"].clear())

    assert share(chain_of(case), "carl") == 0.5
    assert share(chain_of(apart), "carl") == 1
