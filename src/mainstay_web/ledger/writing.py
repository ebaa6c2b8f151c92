"""Writing movements: legs are judged on locked accounts, then entries and balances are kept in one transaction."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from mainstay_web import clock
from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.keys import digest_of
from mainstay_web.ledger.errors import Refused
from mainstay_web.ledger.models import KEPT, Account, Entry, Movement
from mainstay_web.ledger.quantities import amount
from mainstay_web.ledger.statements import keep


@dataclass(frozen=True)
class Leg:
    """An entry to be: so many thousandths into a book of an account, out of it where negative."""

    account: Account
    book: str
    quantity: int


@dataclass(frozen=True)
class Act:
    """Who does what on behalf of whom, and why. ``day`` None: today. ``key``: the caller's own name of the request."""

    kind: str
    organisation: Organisation
    by: Person | None
    day: date | None = None
    of: Movement | None = None
    key: str = ""
    reason: str = ""
    reference: str = ""
    asked: Mapping[str, Any] = field(default_factory=dict)
    """What was asked for beside: the same key must ask for the same."""

    @property
    def digest(self) -> str:
        """SHA-256 of all that was asked for."""
        of, said = self.of.pk if self.of else None, (self.kind, self.day, self.reason, self.reference)
        return digest_of([*said, of, self.asked]) if self.key else ""


def write(act: Act, day: date, legs: Sequence[Leg]) -> Movement:
    """Keep a movement with its entries and the new balances of the accounts, which the caller has locked."""
    if sum(leg.quantity for leg in legs) != 0:
        raise AssertionError(f"The entries of a movement sum to zero, not to {sum(leg.quantity for leg in legs)}.")
    touched = {leg.account.pk: leg.account for leg in legs}
    _judge_past(day, legs, touched)
    movement = Movement(
        kind=act.kind,
        organisation=act.organisation,
        at=clock.now(),
        day=day,
        by=act.by,
        of=act.of,
        key=act.key,
        digest=act.digest,
        reason=act.reason[:300],
        reference=act.reference[:200],
    )
    entries = [(leg.account.pk, str(leg.book), leg.quantity) for leg in legs]
    movement.hash = hash_of(movement, entries, [account.head for _pk, account in sorted(touched.items())])
    for leg in legs:
        if leg.book in KEPT:
            setattr(leg.account, leg.book, getattr(leg.account, leg.book) + leg.quantity)
    keep(movement, entries, list(touched.values()), day)
    return movement


def hash_of(movement: Movement, legs: Iterable[tuple[int, str, int]], heads: Iterable[str]) -> str:
    """SHA-256 over an act, its entries, and the last hash of each account that it touches, in order of accounts."""
    content = [
        movement.kind,
        movement.organisation_id,
        movement.at.astimezone(UTC).isoformat(),
        movement.day.isoformat(),
        movement.by_id,
        movement.of_id,
        movement.reason,
        movement.reference,
        movement.key,
        movement.digest,
        [list(leg) for leg in legs],
        list(heads),
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def _judge_past(day: date, legs: Sequence[Leg], touched: Mapping[int, Account]) -> None:
    """Refuse what would take a book below zero on this day or a later one."""
    changes: Counter[tuple[int, str]] = Counter()
    for leg in legs:
        changes[leg.account.pk, leg.book] += leg.quantity if leg.book in KEPT else 0
    for (pk, book), change in changes.items():
        account = touched[pk]
        if change >= 0:
            continue
        least = getattr(account, book)
        if account.last_day and day < account.last_day:
            least = min(least, lowest_since(account, book, day))
        if least + change < 0:
            raise Refused(
                _(
                    "%(account)s had %(least)s since %(day)s, less than %(change)s. "
                    "Give the day on which it really happened, or a smaller quantity."
                )
                % {"account": account, "least": amount(least), "day": day, "change": amount(-change)}
            )


def lowest_since(account: Account, book: str, day: date) -> int:
    """The smallest balance of a book at the end of this day or any later one, in thousandths."""
    sums = Entry.objects.filter(account=account, book=book).values_list("movement__day").annotate(Sum("quantity"))
    balance, balances = 0, []
    for later, change in sorted(sums.order_by()):
        if later > day:
            balances.append(balance)
        balance += change
    return min([*balances, balance])
