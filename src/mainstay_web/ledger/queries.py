"""Reads of the ledger: what a person may see, balances of a day, stocks as the plan reads them."""

from __future__ import annotations

from datetime import date

import polars as pl
from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from mainstay.tables import CASE_TABLES, frames
from mainstay_web.accounts import rights
from mainstay_web.accounts.models import Person
from mainstay_web.ledger.models import KEPT, TOTAL, Account, Book, Entry, Movement, Reservation
from mainstay_web.ledger.quantities import amount

STOCKS = CASE_TABLES["stocks"]


def accounts(person: Person) -> QuerySet[Account]:
    """The accounts that the person may see, with what they hold."""
    rows = Account.objects.select_related("lot", "organisation").annotate(lying=F("stock") + F("reserved"))
    return rights.visible(person, "ledger.view", rows)


def movements(person: Person) -> QuerySet[Movement]:
    """The movements that touch an account that the person may see, or that were made there."""
    own = rights.where(person, "ledger.view", "organisation__")
    touching = rights.where(person, "ledger.view", "account__organisation__")
    seen = own | Q(Exists(Entry.objects.filter(touching, movement=OuterRef("pk"))))
    return Movement.objects.filter(seen).select_related("organisation", "by")


def reservations(person: Person) -> QuerySet[Reservation]:
    """The reservations that the person may see, those that end first first."""
    rows = Reservation.objects.filter(made__in=movements(person).filter(kind=Movement.Kind.RESERVE))
    return rows.select_related("made__organisation", "made__by").order_by("until", "pk")


def on_the_way(person: Person) -> QuerySet[Movement]:
    """Movements that the person may see, of goods that are not there yet."""
    return not_there_yet(movements(person))


def not_there_yet(rows: QuerySet[Movement]) -> QuerySet[Movement]:
    """Those of some movements that put goods on the way which are not there yet."""
    going = Entry.objects.filter(movement=OuterRef("pk"), book=Book.TRANSIT, quantity__gt=0)
    ended = Movement.objects.filter(of=OuterRef("pk"), followers__isnull=True)
    return rows.filter(Exists(going), ~Exists(ended))


def kept() -> QuerySet[Account]:
    """Accounts on which something lay, ever: with one of them the ledger keeps an item at a place for an owner."""
    lay = Entry.objects.filter(account=OuterRef("pk"), book__in=(Book.STOCK, Book.RESERVED))
    return Account.objects.filter(Exists(lay))


def on_day(rows: QuerySet[Account], day: date) -> QuerySet[Account]:
    """Accounts with their balances at the end of a day, folded from the entries: ``stock_then`` and so on."""
    return rows.annotate(**{f"{book.value}_then": _fold(book, day) for book in KEPT}).annotate(
        lying_then=F("stock_then") + F("reserved_then")
    )


def _fold(book: Book, day: date) -> Coalesce:
    entries = Entry.objects.filter(account=OuterRef("pk"), book=book, movement__day__lte=day).order_by()
    total = entries.values("account").annotate(total=Sum("quantity")).values("total")
    return Coalesce(Subquery(total, output_field=BigIntegerField()), Value(0))


def balances(account: Account, *, day: date | None = None) -> dict[str, int]:
    """The sums of an account's entries by book, all or up to a day, in thousandths."""
    entries = Entry.objects.filter(account=account).order_by()
    if day is not None:
        entries = entries.filter(movement__day__lte=day)
    return dict.fromkeys(Book.values, 0) | dict(entries.values_list("book").annotate(Sum("quantity")))


def stocks(registered: pl.DataFrame) -> pl.DataFrame:
    """The table ``stocks`` of a case: goods that the ledger keeps as it has them, all others as they are registered.

    The ledger keeps an item at a place for an owner once something of it lay there, of any lot; goods on the way are
    not among these (``directives.transit``).
    """
    lots = kept().values("place", "item", "owner", lot_code=F("lot__code"), until=F("lot__expires"))
    lots = lots.annotate(quantity=Sum(F("stock") + F("reserved"))).order_by("place", "item", "owner", "lot_code")
    rows = [
        {
            "place": row["place"],
            "item": row["item"],
            "owner": row["owner"],
            "lot": row["lot_code"] or None,
            "quantity": float(amount(row["quantity"])),
            "expires": row["until"],
            "source": "ledger",
        }
        for row in lots
    ]
    if not rows:
        return registered
    ours = frames.conform(STOCKS, pl.DataFrame(rows, infer_schema_length=None))
    others = registered.join(ours, on=["place", "item", "owner"], how="anti", nulls_equal=True)
    return pl.concat([others, ours.filter(pl.col("quantity") > 0).select(others.columns)])


def anything(rows: QuerySet[Account]) -> QuerySet[Account]:
    """Accounts that hold something, or to which something is on the way."""
    return rows.annotate(total=TOTAL).filter(total__gt=0)
