"""Who follows what the ledger writes: other apps, whose own rows are kept in the transaction of the movement."""

from __future__ import annotations

from collections.abc import Callable

from mainstay_web.ledger.models import Movement

FOLLOWERS: list[Callable[[Movement], None]] = []
"""Told of each receipt, transfer, arrival, posting and reversal; what one raises undoes the movement."""


def tell(movement: Movement) -> None:
    """Let all who follow know of a movement."""
    for follow in FOLLOWERS:
        follow(movement)
