"""Directives whose goods the ledger keeps: the tiny case in the register, and stock at the places of its plan."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import mainstay as ms
from mainstay_web.accounts.models import Organisation
from mainstay_web.directives.models import Directive, Issue
from mainstay_web.ledger import actions as ledger
from mainstay_web.ledger.models import Account, Movement
from mainstay_web.registry import actions as registry

EARLY, LATE = date(2100, 3, 1), date(2100, 9, 1)


def register(places: SimpleNamespace) -> None:
    """What the ledger asks of the register: the items and places of the tiny case, and its lanes."""
    case = ms.read(ms.examples.path("tiny"))
    for table in ("items", "places", "lanes"):
        registry.put_rows(table=table, rows=case[table].to_dicts(), organisation=places.country, by=None)


def stock(organisation: Organisation, lots: dict[str, float], item: str = "mask", **more: Any) -> None:
    """Goods come into East; lot A expires before B."""
    said = {"place": "east", "item": item, "owner": "enterprise", "by": None, **more}
    for lot, quantity in lots.items():
        expires = {"A": EARLY, "B": LATE}.get(lot)
        ledger.receive(organisation=organisation, lot=lot, quantity=quantity, expires=expires, **said)


def orders(issue: Issue) -> SimpleNamespace:
    """The directives of three days of the tiny plan: masks and suits go from East to the hospital in West."""
    found = {each.key: each for each in issue.directives.select_related("addressee", "issue__organisation")}
    return SimpleNamespace(
        make=found["make:mask"],
        ship=found["ship:mask@west/road"],
        arrive=found["arrive:mask@east/road"],
        release=found["release:suit"],
    )


def again(directive: Directive) -> Directive:
    """The directive as it is now."""
    return Directive.objects.select_related("addressee", "issue__organisation").get(pk=directive.pk)


def holds(lot: str, place: str, owner: str = "enterprise", item: str = "mask") -> tuple[float, float]:
    """What is free and on the way of a lot, in units."""
    found = Account.objects.filter(lot__code=lot, place=place, owner=owner, item=item).first()
    return (found.stock / 1000, found.transit / 1000) if found else (0, 0)


def shipment(directive: Directive) -> Movement:
    """The newest movement of a directive."""
    return Movement.objects.filter(confirms__directive=directive).latest("pk")
