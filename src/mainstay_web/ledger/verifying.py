"""Whether the ledger is as it was written: every movement against its hash, every account against its entries."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from mainstay_web.ledger.models import KEPT, START, Account, Entry, Movement
from mainstay_web.ledger.writing import hash_of

CHUNK = 2000


def verify() -> Iterator[str]:
    """What does not hold, in words; nothing when every row is as it was written and none is missing."""
    heads: dict[int, str] = {}
    sums: dict[tuple[int, str], int] = {}
    for movement, legs in _movements():
        touched = sorted({account for account, _book, _quantity in legs})
        if sum(quantity for _account, _book, quantity in legs):
            yield f"movement {movement.pk}: its entries do not sum to zero"
        if hash_of(movement, legs, [heads.get(pk, START) for pk in touched]) != movement.hash:
            yield f"movement {movement.pk}: it was changed, or one before it is missing"
        heads |= dict.fromkeys(touched, movement.hash)
        for account, book, quantity in legs:
            sums[account, book] = sums.get((account, book), 0) + quantity
    for account in Account.objects.iterator(chunk_size=CHUNK):
        if account.head != heads.get(account.pk, START):
            yield f"account {account.pk}: movements at its end are missing"
        for book in KEPT:
            if getattr(account, book) != sums.get((account.pk, book), 0):
                yield f"account {account.pk}: {book.value} is not the sum of its entries"


def _movements() -> Iterator[tuple[Movement, list[tuple[int, str, int]]]]:
    """Each movement with its entries, as they were written."""
    rows = Entry.objects.order_by("movement", "pk").values_list("movement", "account", "book", "quantity")
    entries = groupby(rows.iterator(chunk_size=CHUNK), key=lambda row: row[0])
    ahead = next(entries, None)
    for movement in Movement.objects.order_by("pk").iterator(chunk_size=CHUNK):
        legs: list[tuple[int, str, int]] = []
        if ahead is not None and ahead[0] == movement.pk:
            legs = [row[1:] for row in ahead[1]]
            ahead = next(entries, None)
        yield movement, legs
