"""Goods come in, are used, leave for another place, and arrive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.accounts.rights import require
from mainstay_web.ledger.accounts import Goods, beside, draw, find, lock, lock_these, of_lot, parts_of
from mainstay_web.ledger.errors import Refused, WrongAsked
from mainstay_web.ledger.followers import tell
from mainstay_web.ledger.models import Account, Book, Movement
from mainstay_web.ledger.performing import perform
from mainstay_web.ledger.quantities import thousandths
from mainstay_web.ledger.writing import Act, Leg

SOURCES = (Book.PRODUCTION, Book.SUPPLY)
USES = (Book.CONSUMPTION, Book.LOSS)


def receive(
    *,
    organisation: Organisation,
    place: str,
    item: str,
    quantity: float,
    lot: str = "",
    expires: date | None = None,
    owner: str = "",
    source: str = Book.SUPPLY,
    by: Person | None,
    day: date | None = None,
    key: str = "",
    reason: str = "",
    reference: str = "",
    kind: str = Movement.Kind.RECEIVE,
) -> Movement:
    """Take in goods that were made here (``source`` production) or came from outside (supply).

    Raises
    ------
    Refused : the lot is known with another last day
    WrongAsked : the register knows no such item or place
    """
    whole, goods = positive(quantity), Goods(organisation, place, item, owner, lot)
    _one_of(source, SOURCES)

    def legs(_day: date) -> list[Leg]:
        account = of_lot(lock_these(goods), goods, expires)
        return [Leg(account, source, -whole), Leg(account, Book.STOCK, whole)]

    asked = {"goods": said(goods), "quantity": whole, "expires": expires, "source": source}
    return perform(Act(kind, organisation, by, day, None, key, reason, reference, asked), legs, then=tell)


def issue(
    *,
    organisation: Organisation,
    place: str,
    item: str,
    quantity: float,
    lot: str | None = None,
    owner: str = "",
    use: str = Book.CONSUMPTION,
    by: Person | None,
    day: date | None = None,
    key: str = "",
    reason: str = "",
    reference: str = "",
) -> Movement:
    """Give out goods to be used (``use`` consumption), or write off those of a named lot (loss).

    Raises
    ------
    NotEnough : less is free
    Refused : the lot is recalled or has expired, and is not written off
    """
    whole, goods = positive(quantity), Goods(organisation, place, item, owner, lot)
    _one_of(use, USES)
    if use == Book.LOSS and lot is None:
        raise WrongAsked(_("Say which lot is written off."))

    def legs(day: date) -> list[Leg]:
        accounts = lock_these(goods)
        parts = draw(accounts, goods, whole, day) if use == Book.CONSUMPTION else parts_of(accounts, goods, whole)
        return [leg for account, part in parts for leg in (Leg(account, Book.STOCK, -part), Leg(account, use, part))]

    asked = {"goods": said(goods), "quantity": whole, "use": use}
    return perform(Act(Movement.Kind.ISSUE, organisation, by, day, None, key, reason, reference, asked), legs)


def transfer(
    *,
    organisation: Organisation,
    place: str,
    item: str,
    quantity: float | None = None,
    lots: Mapping[str, float] | None = None,
    to: Goods,
    lot: str | None = None,
    owner: str = "",
    is_there: bool = False,
    by: Person | None,
    day: date | None = None,
    key: str = "",
    reason: str = "",
    reference: str = "",
) -> Movement:
    """Send goods elsewhere; they are on the way until ``arrive``, or there at once (``is_there``).

    Say the ``quantity``, or how much of which of several ``lots``.

    Raises
    ------
    NotEnough : less is free
    Refused : a lot that is named is recalled or has expired
    WrongAsked : nothing is sent, they would go where they are, or be other goods there
    PermissionDenied : they would be there at once, and the person may not post there
    """
    goods = Goods(organisation, place, item, owner, lot)
    wanted = _wanted(goods, quantity, lots)
    refuse_if_same(goods, to)
    if is_there and by is not None:
        require(by, "ledger.post", to.organisation)

    def legs(day: date) -> list[Leg]:
        accounts = lock(goods.there, beside(to, goods))
        parts = [part for each, whole in wanted for part in draw(accounts, each, whole, day)]
        book = Book.STOCK if is_there else Book.TRANSIT
        return [
            leg
            for account, part in parts
            for leg in (Leg(account, Book.STOCK, -part), Leg(find(accounts, to, account.lot), book, part))
        ]

    quantities = {each.lot: whole for each, whole in wanted} if lots else wanted[0][1]
    asked = {"goods": said(goods), "quantity": quantities, "to": said(to), "is_there": is_there}
    act = Act(Movement.Kind.TRANSFER, organisation, by, day, None, key, reason, reference, asked)
    return perform(act, legs, then=tell)


def arrive(
    *,
    shipment: Movement,
    counted: Mapping[str, float] | None = None,
    by: Person | None,
    day: date | None = None,
    key: str = "",
    reason: str = "",
    reference: str = "",
) -> Movement:
    """Take in what was sent; ``counted`` says for each lot how many came, where not all did.

    What is short, or more than was sent, goes to losses and differences of the receiver.

    Raises
    ------
    Refused : nothing of the shipment is on the way any more
    WrongAsked : a lot that was counted was not sent
    """
    sent = coming(shipment)
    came = {lot: thousandths(quantity) for lot, quantity in (counted or {}).items()}
    if unknown := came.keys() - {account.lot.code for account in sent}:
        raise WrongAsked(_("The shipment has no lot %(lots)s.") % {"lots": ", ".join(sorted(unknown))})
    organisation = next(iter(sent)).organisation

    def legs(_day: date) -> list[Leg]:
        locked = {account.pk: account for account in lock(Q(pk__in=[account.pk for account in sent]))}
        refuse_if_ended(shipment)
        found = []
        for old, quantity in sent.items():
            account, here = locked[old.pk], came.get(old.lot.code, quantity)
            found += [Leg(account, Book.TRANSIT, -quantity), Leg(account, Book.STOCK, here)]
            if here != quantity:
                found.append(Leg(account, Book.LOSS, quantity - here))
        return found

    act = Act(Movement.Kind.ARRIVE, organisation, by, day, shipment, key, reason, reference, {"came": came})
    return perform(act, legs, then=tell)


def coming(shipment: Movement) -> dict[Account, int]:
    """What a movement put on the way, by the account that it goes to, in thousandths.

    Raises
    ------
    Refused : it put nothing on the way
    """
    entries = shipment.entries.filter(book=Book.TRANSIT, quantity__gt=0)
    found = {e.account: e.quantity for e in entries.select_related("account__lot", "account__organisation")}
    if not found:
        raise Refused(_("Movement %(number)d put nothing on the way.") % {"number": shipment.pk})
    return found


def refuse_if_ended(movement: Movement) -> None:
    """Refuse when a movement was completed, ended or reversed, unless that was reversed again.

    Call it with the accounts of the movement locked: whoever ends it locks them first.
    """
    last = Movement.objects.filter(of=movement, followers__isnull=True).first()
    if last is not None:
        raise Refused(
            _("Movement %(number)d has its %(kind)s already (%(last)d).")
            % {"number": movement.pk, "kind": last.get_kind_display(), "last": last.pk}
        )


def refuse_if_same(goods: Goods, to: Goods) -> None:
    """Refuse goods that would go where they are, or become others."""
    if to.item != goods.item or to.lot is not None:
        raise WrongAsked(_("Goods stay what they are: give where they go, with the same item and no lot."))
    if (to.organisation, to.place, to.owner) == (goods.organisation, goods.place, goods.owner):
        raise WrongAsked(_("They are there already. Name another place, organisation or owner."))


def positive(quantity: float) -> int:
    """A quantity to move, in thousandths."""
    if (whole := thousandths(quantity)) == 0:
        raise WrongAsked(_("Nothing is asked for. Give a quantity above 0."))
    return whole


def _wanted(goods: Goods, quantity: float | None, lots: Mapping[str, float] | None) -> list[tuple[Goods, int]]:
    """What is to go, in thousandths: of the goods as they are named, or of each of the lots."""
    if (quantity is None) == (lots is None):
        raise WrongAsked(_("Say how much goes in all, or how much of each lot."))
    if quantity is not None:
        return [(goods, positive(quantity))]
    named = {lot: thousandths(each) for lot, each in sorted((lots or {}).items())}
    if not any(named.values()):
        raise WrongAsked(_("Nothing is asked for. Give a quantity above 0."))
    return [(replace(goods, lot=lot), whole) for lot, whole in named.items() if whole]


def said(goods: Goods) -> list[str | None]:
    """Goods as they are compared when a key is used again."""
    return [goods.organisation.code, goods.place, goods.item, goods.owner, goods.lot]


def _one_of(book: str, books: tuple[Book, ...]) -> None:
    if book not in books:
        known = ", ".join(one.value for one in books)
        raise WrongAsked(_("%(book)s is not known here. Give one of %(known)s.") % {"book": book, "known": known})
