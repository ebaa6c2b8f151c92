"""Goods are set aside, then issued or sent, given up, or free again when their time is over."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from mainstay_web import clock
from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.ledger.accounts import Goods, draw, find, is_usable, lock, lock_these
from mainstay_web.ledger.actions.goods import positive, refuse_if_same, said
from mainstay_web.ledger.errors import Refused, WrongAsked
from mainstay_web.ledger.followers import tell
from mainstay_web.ledger.models import Account, Book, Movement, Reservation
from mainstay_web.ledger.performing import close, giving_back, held_by, opened, perform
from mainstay_web.ledger.quantities import amount
from mainstay_web.ledger.writing import Act, Leg

HELD_FOR = timedelta(days=1)
"""How long a reservation holds goods when nobody says."""


def reserve(
    *,
    organisation: Organisation,
    place: str,
    item: str,
    quantity: float,
    lot: str | None = None,
    owner: str = "",
    until: datetime | None = None,
    by: Person | None,
    key: str = "",
    reason: str = "",
    reference: str = "",
) -> Movement:
    """Set goods aside until a time, a day from now unless said.

    Raises
    ------
    NotEnough : less is free
    Refused : the lot is recalled or has expired
    """
    whole, goods = positive(quantity), Goods(organisation, place, item, owner, lot)
    now = clock.now()
    if until is not None and until <= now:
        raise WrongAsked(_("The reservation would end before it begins. Give a time to come."))

    def legs(day: date) -> list[Leg]:
        parts = draw(lock_these(goods), goods, whole, day)
        return [
            leg
            for account, part in parts
            for leg in (Leg(account, Book.STOCK, -part), Leg(account, Book.RESERVED, part))
        ]

    def hold(movement: Movement) -> None:
        Reservation.objects.create(made=movement, until=until or now + HELD_FOR)

    asked = {"goods": said(goods), "quantity": whole, "until": until}
    return perform(
        Act(Movement.Kind.RESERVE, organisation, by, None, None, key, reason, reference, asked), legs, then=hold
    )


def post(
    *,
    reservation: Movement,
    quantity: float | None = None,
    to: Goods | None = None,
    by: Person | None,
    key: str = "",
    reason: str = "",
    reference: str = "",
) -> Movement:
    """Issue what was reserved, or send it where ``to`` says; of a smaller ``quantity`` the rest is free again.

    Raises
    ------
    Refused : the reservation has ended, or less was reserved, or the lot is recalled
    """
    whole = None if quantity is None else positive(quantity)
    held = held_by(reservation)

    def legs(day: date) -> list[Leg]:
        accounts = _lock(held, to)
        _refuse_unless_it_counts(reservation)
        left = sum(held.values()) if whole is None else whole
        if left > sum(held.values()):
            raise Refused(
                _("%(held)s are reserved, fewer than %(asked)s. Ask for as many, or reserve more.")
                % {"held": amount(sum(held.values())), "asked": amount(left)}
            )
        found = []
        for account in accounts:
            if not (reserved := held.get(account.pk, 0)):
                continue
            if not is_usable(account, day):
                raise Refused(_("%(account)s is recalled or has expired. Give it up.") % {"account": account})
            part = min(left, reserved)
            left -= part
            found += [Leg(account, Book.RESERVED, -reserved)]
            if part and to:
                found.append(Leg(find(accounts, to, account.lot), Book.TRANSIT, part))
            elif part:
                found.append(Leg(account, Book.CONSUMPTION, part))
            if part < reserved:
                found.append(Leg(account, Book.STOCK, reserved - part))
        return found

    asked = {"quantity": whole, "to": said(to) if to else None}

    def end(movement: Movement) -> None:
        close(movement)
        tell(movement)

    act = Act(Movement.Kind.POST, reservation.organisation, by, None, reservation, key, reason, reference, asked)
    return perform(act, legs, then=end)


def void(*, reservation: Movement, by: Person | None, key: str = "", reason: str = "", reference: str = "") -> Movement:
    """Give up a reservation: what it holds is free again.

    Raises
    ------
    Refused : it has ended
    """
    act = Act(Movement.Kind.VOID, reservation.organisation, by, None, reservation, key, reason, reference)
    return perform(act, lambda _day: giving_back(reservation), then=close)


def _refuse_unless_it_counts(reservation: Movement) -> None:
    if not opened(reservation).counts:
        raise Refused(_("The time of reservation %(number)d is over. Reserve again.") % {"number": reservation.pk})


def _lock(held: dict[int, int], to: Goods | None) -> list[Account]:
    """The accounts that hold what is reserved, first expired first, and those that it goes to."""
    wanted = [Q(pk__in=held)]
    if to is not None:
        mine = Account.objects.filter(pk__in=held).select_related("organisation", "lot")
        for account in mine:
            refuse_if_same(Goods(account.organisation, account.place, account.item, account.owner), to)
        wanted.append(to.here & Q(lot__in=[account.lot_id for account in mine]))
    return sorted(lock(*wanted), key=lambda a: (a.lot.expires or date.max, a.pk))
