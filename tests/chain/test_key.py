"""Key enterprises: the rank, the score, the reasons in both languages."""

from __future__ import annotations

from tests.chain.small import chain_of, mask_case


def test_the_one_on_which_all_rests_comes_first_with_its_reasons():
    chain = chain_of(mask_case({"anna": 60, "bert": 40}, {"carl": 100}, {"rosa": 70, "rita": 30}))
    keys = chain.tables["key_enterprises"]

    assert keys["enterprise"].to_list() == ["carl", "rosa", "anna", "bert", "rita"]
    assert keys["score"].to_list() == [100, 70, 60, 40, 30]
    assert keys["sole_of"][0] == "cloth"
    assert keys["text"][0] == (
        "Without it 100% of Mask is lost even with all others at full capacity. "
        "At some places it is the only source of Cloth."
    )
    assert keys["text_zh"][0] == "缺它则即使其余满产仍损失口罩的100%。在部分地区是滤布的唯一来源。"


def test_what_rests_on_it_parts_those_without_whom_nothing_is_lost():
    chain = chain_of(mask_case({"anna": 300, "bert": 200}, {"carl": 90, "dora": 90, "emma": 10}, need=80))
    keys = chain.tables["key_enterprises"].filter(score=0)

    assert keys["rests"].to_list() == sorted(keys["rests"], reverse=True)
    assert keys["enterprise"][0] == "anna"
    assert keys["text"][0] == "60% of Mask rests on it."


def test_a_tie_is_broken_by_name():
    keys = chain_of(mask_case({"bert": 50, "anna": 50})).tables["key_enterprises"]

    assert keys["enterprise"].to_list() == ["carl", "rosa", "anna", "bert"]
