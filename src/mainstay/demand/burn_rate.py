"""Use per patient and burn rate: short published formulas that a hospital can check on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mainstay.errors import UsageError

Array = NDArray[np.float64]

NEW_MEXICO = {"n95": 1.27, "gown": 1.75, "eyewear": 0.9, "gloves": 8.6}
"""Units per patient and day under maximal conservation. Source: New Mexico Medical Advisory Team, 2020."""


def conserved_use(patient_days: ArrayLike, *, rates: Mapping[str, float] = NEW_MEXICO) -> dict[str, Array]:
    """Units used for patient-days by item.

    Parameters
    ----------
    patient_days : (...) [days of a patient in hospital], 0 or more
    rates : item -> units per patient and day

    Returns
    -------
    item -> (...) [units]

    >>> {item: round(float(units), 6) for item, units in conserved_use(100).items()}
    {'n95': 127.0, 'gown': 175.0, 'eyewear': 90.0, 'gloves': 860.0}
    """
    days = np.asarray(patient_days, dtype=np.float64)
    if np.any(days < 0):
        raise UsageError("Patient-days cannot be negative. Give 0 or more.")
    return {item: days * rate for item, rate in rates.items()}


def burn_rate(stocks: Sequence[float], receipts: Sequence[float]) -> float:
    """Mean use per day, from counts of the stock: (first stock + receipts - last stock) / days.

    Parameters
    ----------
    stocks : [units] counted at the same hour of consecutive days, one more than receipts; at least three,
        so that the rate rests on two days or more
    receipts : [units] received on each day between two counts

    Raises
    ------
    UsageError : the counts do not fit, or use comes out negative

    Source: US Centers for Disease Control and Prevention, Personal Protective Equipment Burn Rate Calculator, 2020.

    >>> burn_rate([1000, 920, 1330, 1240], [0, 500, 0])
    86.66666666666667
    """
    if len(stocks) < 3 or len(receipts) != len(stocks) - 1:
        raise UsageError(
            f"{len(stocks)} counts and {len(receipts)} receipts do not fit. Give three counts or more, and the "
            "receipts of each day between two of them."
        )
    rate = (stocks[0] - stocks[-1] + sum(receipts)) / len(receipts)
    if rate < 0:
        raise UsageError(f"Use comes out at {rate:.6g} a day. A receipt is missing, or a count is wrong.")
    return rate


def days_of_supply(stock: ArrayLike, rate: ArrayLike) -> Array:
    """Days that a stock lasts at a burn rate; infinite where nothing is used.

    Parameters
    ----------
    stock : (...) [units]
    rate : (...) [units per day]

    >>> float(days_of_supply(1300, 65))
    20.0
    """
    held, use = np.broadcast_arrays(np.asarray(stock, dtype=np.float64), np.asarray(rate, dtype=np.float64))
    if np.any(held < 0) or np.any(use < 0):
        raise UsageError("A stock or a burn rate is negative. Give 0 or more.")
    return np.asarray(np.divide(held, use, out=np.full(held.shape, np.inf), where=use > 0))
