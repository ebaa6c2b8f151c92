"""Quantities of the ledger: whole thousandths of the item's unit, so that sums are exact in every database."""

from __future__ import annotations

import math

from mainstay_web.ledger.errors import WrongQuantity

THOUSAND = 1000
MOST = 10**12
"""The largest quantity of one movement, in units of the item; far below what a double counts exactly in thousandths."""


def thousandths(quantity: float) -> int:
    """A quantity in units of the item as whole thousandths.

    Raises
    ------
    WrongQuantity : it is negative, larger than a million million, or finer than a thousandth

    >>> thousandths(2.5)
    2500
    """
    if not (math.isfinite(quantity) and 0 <= quantity <= MOST):
        raise WrongQuantity(quantity)
    whole = round(quantity * THOUSAND)
    if whole / THOUSAND != float(quantity):
        raise WrongQuantity(quantity)
    return whole


def amount(whole: int) -> int | float:
    """Thousandths as a quantity in units of the item; whole where it is.

    >>> amount(2500), amount(3000)
    (2.5, 3)
    """
    return whole // THOUSAND if whole % THOUSAND == 0 else whole / THOUSAND
