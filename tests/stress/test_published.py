"""Published and hand-worked exposures come out."""

from __future__ import annotations

import math

import pytest
from tests.stress.cases import three_suppliers, two_tiers

from mainstay.stress import Disruption, Target, all_disruptions, make_model, stress
from mainstay.tables.case import Case


def exposures(case: Case, days: float) -> dict[str, object]:
    model = make_model(case)
    found = stress(model, all_disruptions(case, days, kinds=("enterprise",)))
    return {each.disruption.targets[0].name: (each, found.index(each)) for each in found.exposures}


def test_the_losses_of_three_suppliers_are_those_published() -> None:
    found = exposures(three_suppliers(2), 2)
    assert [found[name][0].loss for name in ("S1", "S2", "S3")] == pytest.approx([0, 125_000, 275_000])
    assert [found[name][1] for name in ("S1", "S2", "S3")] == pytest.approx([0, 0.4545, 1], abs=1e-4)


def test_the_times_to_survive_of_three_suppliers_are_those_published() -> None:
    found = exposures(three_suppliers(5), 2)
    survived = [found[name][0].survive_days for name in ("S1", "S2", "S3")]
    assert survived == pytest.approx([2.25, 1.285714, 0.9], abs=1e-6)
    assert [found[name][0].is_exposed for name in ("S1", "S2", "S3")] == [False, True, True]


def test_cover_of_two_tiers_is_lived_on_before_need_is_lost() -> None:
    found = exposures(two_tiers(), 12)
    lost, _ = found["A"]
    assert lost.survive_days == pytest.approx((80 + 120) / (80 - 40))
    assert lost.loss == pytest.approx(960 - 80 - 120 - 480)
    assert found["B"][0].survive_days == pytest.approx(200 / 20)


def test_goods_that_dwell_are_missed_later_by_the_dwell() -> None:
    model = make_model(two_tiers(dwell=7, masks=7 * 80 + 80))
    found = stress(model, [Disruption((Target("enterprise", "A"),), 12)]).exposures[0]
    assert found.loss == pytest.approx(280)
    assert math.floor(found.survive_days + 1e-9) == 5
