"""Performing an act: once for each key, again when others went before, and after freeing what has timed out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from mainstay_web import clock
from mainstay_web.accounts.rights import require
from mainstay_web.ledger.accounts import Goods, lock
from mainstay_web.ledger.errors import KeyReused, NotEnough, Refused, WrongAsked
from mainstay_web.ledger.models import Account, Book, Entry, Movement, Reservation
from mainstay_web.ledger.writing import Act, Leg, write

ATTEMPTS = 5
"""How often a movement is tried when the database ended it so that others could go on."""
RINGS = ("40001", "40P01")
"""What PostgreSQL calls a transaction that waited in a ring with another (its manual, section 13.5)."""
BUSY = "SQLITE_BUSY"
"""What SQLite says to a writer that it did not let in for as long as it waits: it keeps no queue."""
MOST = 200
"""Reservations that one round gives back."""


def perform(
    act: Act,
    decide: Callable[[date], Sequence[Leg]],
    *,
    right: str = "ledger.post",
    then: Callable[[Movement], Any] = lambda _movement: None,
) -> Movement:
    """Write a movement once for each key; it is on disk when this returns, unless the caller has a transaction open.

    Parameters
    ----------
    decide : locks the accounts and gives the legs for the day; their sum is zero
    then : what is written with the movement, in its transaction

    Raises
    ------
    PermissionDenied : the person may not do this there
    Refused : it does not fit the stock as it is; then nothing is written
    KeyReused : the key was used to ask for something else
    """
    if act.by is not None:
        require(act.by, right, act.organisation)
    today = clock.today(timezone.get_default_timezone())
    if act.day is not None and act.day > today:
        raise WrongAsked(_("%(day)s is yet to come. Give today or a day before.") % {"day": act.day})
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with transaction.atomic():
                day = act.day or today
                movement = write(act, day, decide(day))
                then(movement)
                return movement
        except (IntegrityError, Refused) as refusal:
            if (earlier := _earlier(act)) is not None:
                return earlier
            if isinstance(refusal, NotEnough) and attempt == 1 and time_out(goods=refusal.goods):
                continue
            raise
        except OperationalError as error:
            if not _was_ended(error) or connection.in_atomic_block or attempt == ATTEMPTS:
                raise
    raise AssertionError("a loop that returns or raises")


def _was_ended(error: OperationalError) -> bool:
    """Whether the database ended the transaction, or let it not begin, so that others could go on."""
    cause = error.__cause__
    return getattr(cause, "sqlstate", "") in RINGS or getattr(cause, "sqlite_errorname", "") == BUSY


def _earlier(act: Act) -> Movement | None:
    """What was written under this key, if it is the same."""
    earlier = Movement.objects.filter(organisation=act.organisation, key=act.key).first() if act.key else None
    if earlier is not None and earlier.digest != act.digest:
        raise KeyReused(earlier)
    return earlier


def time_out(*, goods: Goods | None = None) -> int:
    """Give back what reservations hold whose time is over, of these goods or of all; how many there were."""
    waiting = Reservation.objects.timed_out()
    if goods is not None:
        accounts = Account.objects.filter(goods.here)
        waiting = waiting.filter(made__in=Entry.objects.filter(account__in=accounts).values("movement"))
    ended = 0
    for reservation in waiting.select_related("made__organisation").order_by("pk")[:MOST]:
        act = Act(Movement.Kind.TIME_OUT, reservation.made.organisation, None, None, reservation.made)
        try:
            perform(act, lambda _day, made=reservation.made: giving_back(made), then=close)
        except Refused:  # another ended it meanwhile
            continue
        ended += 1
    return ended


def giving_back(reservation: Movement) -> list[Leg]:
    """The legs that free what a reservation holds."""
    held = held_by(reservation)
    accounts = lock(Q(pk__in=held))
    opened(reservation)
    return [
        leg
        for account in accounts
        if (reserved := held.get(account.pk, 0))
        for leg in (Leg(account, Book.RESERVED, -reserved), Leg(account, Book.STOCK, reserved))
    ]


def held_by(reservation: Movement) -> dict[int, int]:
    """What a reservation set aside, by account, in the order in which it goes out, in thousandths."""
    entries = reservation.entries.filter(book=Book.RESERVED, quantity__gt=0).values_list("account", "quantity")
    if reservation.kind != Movement.Kind.RESERVE:
        raise Refused(_("Movement %(number)d is no reservation.") % {"number": reservation.pk})
    return dict(entries.order_by("pk"))


def opened(reservation: Movement) -> Reservation:
    """The reservation, if nobody ended it; its accounts are locked, so nobody will."""
    found = Reservation.objects.filter(made=reservation, is_open=True).first()
    if found is None:
        raise Refused(_("Reservation %(number)d has ended already.") % {"number": reservation.pk})
    return found


def close(movement: Movement) -> None:
    """The reservation that a movement ended holds nothing any more."""
    Reservation.objects.filter(made=movement.of_id).update(is_open=False)
