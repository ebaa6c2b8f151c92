"""Where a lot went: every account that it came to, by which movements, and what is there now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mainstay_web.ledger.models import Account, Book, Entry, Lot


@dataclass(frozen=True)
class Stop:
    """One account that a lot came to; quantities in thousandths.

    ``came`` from outside or by shipments, ``sent`` on, ``used`` there, ``lost`` or found there, ``lies`` there and
    ``coming`` now: came + lost - sent - used = lies + coming. ``sources`` are the accounts that sent it here, ``step``
    how many shipments it took at least from where the lot came from outside.
    """

    account: Account
    step: int
    came: int
    sent: int
    used: int
    lost: int
    sources: tuple[Account, ...]

    @property
    def lies(self) -> int:
        """What is there now."""
        return self.account.on_hand

    @property
    def coming(self) -> int:
        """What is on the way there now."""
        return self.account.transit


def trace(lot: Lot) -> list[Stop]:
    """Every account of a lot, those it came to from outside first, then along the shipments."""
    accounts = {a.pk: a for a in Account.objects.filter(lot=lot).select_related("organisation", "lot").order_by("pk")}
    outside: dict[int, dict[str, int]] = {pk: dict.fromkeys(Book.values, 0) for pk in accounts}
    moved: dict[int, dict[int, int]] = {}
    entries = Entry.objects.filter(account__lot=lot).order_by("movement", "pk")
    for movement, account, book, quantity in entries.values_list("movement", "account", "book", "quantity"):
        outside[account][book] += quantity
        if book in (Book.STOCK, Book.RESERVED, Book.TRANSIT):
            nets = moved.setdefault(movement, {})
            nets[account] = nets.get(account, 0) + quantity
    sent: dict[int, int] = dict.fromkeys(accounts, 0)
    got: dict[int, int] = dict.fromkeys(accounts, 0)
    sources: dict[int, set[int]] = {pk: set() for pk in accounts}
    for giving, taking, quantity in _shipments(moved):
        sent[giving] += quantity
        got[taking] += quantity
        sources[taking].add(giving)
    steps = _steps(sources)
    stops = [
        Stop(
            account,
            steps[pk],
            came=got[pk] - outside[pk][Book.SUPPLY] - outside[pk][Book.PRODUCTION],
            sent=sent[pk],
            used=outside[pk][Book.CONSUMPTION],
            lost=-outside[pk][Book.LOSS],
            sources=tuple(accounts[source] for source in sorted(sources[pk])),
        )
        for pk, account in accounts.items()
    ]
    return sorted(stops, key=lambda stop: (stop.step, stop.account.pk))


def _shipments(moved: dict[int, dict[int, int]]) -> Iterator[tuple[int, int, int]]:
    """From which account to which how much went; a reversed shipment comes back as one of its own."""
    for nets in moved.values():
        giving = [pk for pk, net in nets.items() if net < 0]
        taking = [pk for pk, net in nets.items() if net > 0]
        if len(giving) == len(taking) == 1 and nets[giving[0]] == -nets[taking[0]]:
            yield giving[0], taking[0], nets[taking[0]]


def _steps(sources: dict[int, set[int]]) -> dict[int, int]:
    """How many shipments each account is from outside, at least."""
    steps = {pk: 0 for pk, giving in sources.items() if not giving}
    step = 0
    while len(steps) < len(sources):
        step += 1
        reached = {pk for pk, giving in sources.items() if pk not in steps and giving & steps.keys()}
        if not reached:
            reached = set(sources) - steps.keys()
        steps |= dict.fromkeys(reached, step)
    return steps
