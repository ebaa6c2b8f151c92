"""The ledger begins with the stocks of the register."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from mainstay.units import factor
from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.accounts.rights import require
from mainstay_web.audit.chain import record
from mainstay_web.ledger import queries
from mainstay_web.ledger.accounts import Goods
from mainstay_web.ledger.actions.goods import receive
from mainstay_web.ledger.errors import WrongAsked
from mainstay_web.ledger.models import Book, Movement
from mainstay_web.registry import queries as registry
from mainstay_web.registry.shape import declared, typed_body


@transaction.atomic
def open_stocks(*, organisation: Organisation, by: Person | None) -> list[Movement]:
    """Open the rows of the register's table ``stocks`` that belong to an organisation or lie under it.

    What the ledger keeps already, of whatever lot, is passed over: its stock is the ledger's own.

    Raises
    ------
    WrongAsked : the quantity of a row cannot be kept; names the row
    """
    if by is not None:
        require(by, "ledger.count", organisation)
    units = dict(registry.rows("items").values_list("body__item", "body__unit"))
    rows = registry.rows("stocks").filter(organisation__path__startswith=organisation.path)
    kept = set(queries.kept().values_list("place", "item", "owner"))
    opened = []
    for row in rows.select_related("organisation"):
        stock = typed_body(declared("stocks"), row.body)
        goods = Goods(row.organisation, stock["place"], stock["item"], stock["owner"] or "enterprise")
        if (goods.place, goods.item, goods.owner) in kept or not stock["quantity"]:
            continue
        opened.append(
            receive(
                organisation=goods.organisation,
                place=goods.place,
                item=goods.item,
                owner=goods.owner,
                lot=_lot(stock["lot"], stock["expires"]),
                expires=stock["expires"],
                quantity=_quantity(row.label, stock["quantity"], stock["unit"], units.get(goods.item)),
                source=Book.SUPPLY,
                by=None,
                reference=f"registry.row:{row.pk}",
                kind=Movement.Kind.OPENING,
            )
        )
    if opened:
        record(by=by, action="ledger.open", subject="ledger", organisation=organisation, movements=len(opened))
    return opened


def _lot(lot: str | None, expires: object) -> str:
    """The lot of a row; what expires and has none gets one of its last day, so that it can go first."""
    return lot or (f"until-{expires}" if expires else "")


def _quantity(label: str, quantity: float, unit: str | None, counted_in: str | None) -> float:
    """The quantity in the item's unit, to the thousandth."""
    times = factor(unit, counted_in) if unit and counted_in else 1.0
    if times is None:
        raise WrongAsked(
            _("stocks, row %(row)s: %(unit)s cannot be counted in %(counted_in)s, the unit of the item.")
            % {"row": label, "unit": unit, "counted_in": counted_in}
        )
    return round(quantity * times, 3)
