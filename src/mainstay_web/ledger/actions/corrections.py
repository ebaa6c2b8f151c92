"""What lies there was counted; a movement was wrong."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.ledger.accounts import Goods, lock, lock_these, of_lot
from mainstay_web.ledger.actions.goods import refuse_if_ended, said
from mainstay_web.ledger.errors import Refused
from mainstay_web.ledger.followers import tell
from mainstay_web.ledger.models import Account, Book, Entry, Movement, Reservation
from mainstay_web.ledger.performing import perform
from mainstay_web.ledger.quantities import amount, thousandths
from mainstay_web.ledger.writing import Act, Leg


def count(
    *,
    organisation: Organisation,
    place: str,
    item: str,
    counted: float,
    lot: str = "",
    expires: date | None = None,
    owner: str = "",
    by: Person | None,
    key: str = "",
    reason: str = "",
    reference: str = "",
) -> Movement:
    """Keep what was counted of a lot, free and reserved together; the difference goes to losses and differences.

    Raises
    ------
    Refused : fewer were counted than are reserved; give up reservations first
    """
    whole, goods = thousandths(counted), Goods(organisation, place, item, owner, lot)

    def legs(_day: date) -> list[Leg]:
        account = of_lot(lock_these(goods), goods, expires)
        if whole < account.reserved:
            raise Refused(
                _(
                    "%(counted)s were counted and %(reserved)s are reserved. "
                    "Give up reservations (%(numbers)s) first, so that those who wait for them know."
                )
                % {
                    "counted": amount(whole),
                    "reserved": amount(account.reserved),
                    "numbers": ", ".join(str(pk) for pk in holding(account)),
                }
            )
        difference = whole - account.on_hand
        return [Leg(account, Book.LOSS, -difference), Leg(account, Book.STOCK, difference)]

    asked = {"goods": said(goods), "counted": whole, "expires": expires}
    act = Act(Movement.Kind.COUNT, organisation, by, None, None, key, reason, reference, asked)
    return perform(act, legs, right="ledger.count")


def reverse(*, movement: Movement, by: Person | None, key: str = "", reason: str = "", reference: str = "") -> Movement:
    """Undo a movement by one with opposite entries, today; what a reservation held stays free.

    Raises
    ------
    Refused : it was reversed or completed already, is a reservation or its end, or what it brought is gone
    """
    if movement.kind in (Movement.Kind.RESERVE, Movement.Kind.VOID, Movement.Kind.TIME_OUT):
        raise Refused(_("A reservation is given up, not reversed; what was given up is reserved again."))
    if movement.kind == Movement.Kind.REVERSE:
        raise Refused(_("A reversal is not reversed. Enter the movement again."))
    entries = list(movement.entries.values_list("account", "book", "quantity"))

    def legs(_day: date) -> list[Leg]:
        locked = {account.pk: account for account in lock(Q(pk__in={pk for pk, _book, _quantity in entries}))}
        refuse_if_ended(movement)
        books = {Book.RESERVED: Book.STOCK}
        return [Leg(locked[pk], books.get(book, book), -quantity) for pk, book, quantity in entries]

    act = Act(Movement.Kind.REVERSE, movement.organisation, by, None, movement, key, reason, reference)
    return perform(act, legs, right="ledger.count", then=tell)


def holding(account: Account) -> list[int]:
    """Reservations that hold goods of an account."""
    made = Entry.objects.filter(account=account, book=Book.RESERVED, quantity__gt=0).values("movement")
    return list(Reservation.objects.filter(is_open=True, made__in=made).values_list("pk", flat=True))
