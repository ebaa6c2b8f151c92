"""Use per patient-day and burn rate, on numbers a reader can follow."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.demand.burn_rate import burn_rate, conserved_use, days_of_supply
from mainstay.errors import UsageError

UNITS = st.lists(st.integers(0, 10_000), min_size=2, max_size=20)


def test_a_hundred_patient_days_use_what_new_mexico_published():
    assert conserved_use(100) == {"n95": 127, "gown": 175, "eyewear": 90, "gloves": pytest.approx(860)}


def test_use_is_read_from_counts_and_receipts():
    assert burn_rate([1000, 920, 1330, 1240], [0, 500, 0]) == pytest.approx(260 / 3)


@given(UNITS, st.data())
def test_the_burn_rate_is_the_mean_of_what_was_used(used, data):
    receipts = data.draw(st.lists(st.integers(0, 10_000), min_size=len(used), max_size=len(used)))
    stocks = [300_000]
    for use, receipt in zip(used, receipts, strict=True):
        stocks.append(stocks[-1] + receipt - use)

    assert burn_rate(stocks, receipts) == pytest.approx(sum(used) / len(used))


def test_days_of_supply_end_when_the_stock_does():
    assert days_of_supply([1300, 0, 5], [65, 65, 0]).tolist() == [20, 0, float("inf")]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: burn_rate([10, 5], [0]), "three counts or more"),
        (lambda: burn_rate([10, 5, 2], [0]), "3 counts and 1 receipts do not fit"),
        (lambda: burn_rate([10, 5, 20], [0, 0]), "A receipt is missing"),
        (lambda: days_of_supply(-1, 5), "negative"),
        (lambda: conserved_use(-1), "negative"),
    ],
)
def test_counts_that_cannot_be_are_refused_with_the_likely_reason(call, message):
    with pytest.raises(UsageError, match=message):
        call()
