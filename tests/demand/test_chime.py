"""CHIME's published reference run, and its bookkeeping."""

from __future__ import annotations

import numpy as np
import pytest

from mainstay.demand.course.chime import Hospital, chime
from mainstay.errors import UsageError


def test_the_reference_run_gives_the_published_numbers():
    hospital = Hospital(population=500_000, in_hospital=100, doubling_days=6, contact_reduction=0.15)
    run = chime(hospital)

    assert hospital.basic_reproduction == pytest.approx(2.7144686763, abs=1e-10)
    assert hospital.reproduction == pytest.approx(2.3072983749, abs=1e-10)
    assert round(run.infected[run.today]) == 45_810
    assert round(run.susceptible[-1]) == 83_391


def test_nobody_is_lost():
    run = chime(Hospital())

    np.testing.assert_allclose(run.susceptible + run.infected + run.recovered, 500_000)


def test_today_is_the_day_whose_census_is_nearest_to_the_patients():
    run = chime(Hospital(in_hospital=250))
    until_peak = run.in_hospital[: run.today + 1]

    assert abs(run.in_hospital[run.today] - 250) == pytest.approx(np.abs(until_peak - 250).min())


def test_fewer_contacts_infect_fewer():
    assert chime(Hospital(contact_reduction=0.5)).susceptible[-1] > chime(Hospital()).susceptible[-1]


def test_a_hospital_without_a_market_share_is_refused():
    with pytest.raises(UsageError, match="market_share is 0"):
        Hospital(market_share=0)
