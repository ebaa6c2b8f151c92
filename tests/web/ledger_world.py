"""The register and the goods that tests of the ledger stand on."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

from tests.web.reporting_world import add_items

from mainstay_web.accounts.models import Organisation
from mainstay_web.ledger import actions
from mainstay_web.ledger.models import Account, Movement
from mainstay_web.registry import actions as registry

EARLY, LATE = date(2100, 3, 1), date(2100, 9, 1)


def world(places: SimpleNamespace) -> SimpleNamespace:
    """Three items and four places in the register."""
    add_items(places.country)
    codes = ("depot", "hospital", "other_hospital", "maker")
    rows = [{"place": code, "name": code.title(), "kind": "warehouse"} for code in codes]
    registry.put_rows(table="places", rows=rows, organisation=places.country, by=None)
    return places


def receive(organisation: Organisation, quantity: float, lot: str = "A", **more: Any) -> Movement:
    """Masks come into the depot."""
    said = {**MASKS, "quantity": quantity, "lot": lot, "by": None, **more}
    return actions.receive(organisation=organisation, **said)


MASKS = {"place": "depot", "item": "mask"}


def account(lot: str = "A", place: str = "depot", item: str = "mask") -> Account:
    """The account of a lot, as it is now."""
    return Account.objects.get(lot__code=lot, place=place, item=item)


def holds(lot: str = "A", place: str = "depot") -> tuple[float, float, float]:
    """What is free, reserved and on the way there, in units."""
    found = account(lot, place)
    return found.stock / 1000, found.reserved / 1000, found.transit / 1000
