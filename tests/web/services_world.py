"""What tests of the desks stand on: a small register, people of the desks, documents."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from mainstay_web.accounts import actions
from mainstay_web.accounts.models import Organisation, Person, Role
from mainstay_web.registry import queries
from mainstay_web.registry.actions import put_rows
from mainstay_web.services import register
from mainstay_web.services.desk import Desk
from mainstay_web.services.documents import receive_document

DESKS = ("licensing", "customs", "finance")
PDF = b"%PDF-1.7\nsynthetic\n%%EOF\n"

ROWS: dict[str, list[dict[str, Any]]] = {
    "places": [
        {"place": "east", "name": "East", "kind": "area"},
        {"place": "west", "name": "West", "kind": "area"},
        {"place": "harbour", "name": "Harbour", "name_zh": "港口", "kind": "port", "parent": "east"},
    ],
    "items": [
        {"item": "mask", "name": "Mask", "class": "protective equipment", "stage": "finished", "unit": "piece"},
        {"item": "bag", "name": "Bag", "class": "bags", "stage": "finished", "unit": "piece"},
    ],
    "enterprises": [
        {"enterprise": "maker", "name": "Maker", "place": "east", "size": "small"},
        {"enterprise": "other_maker", "name": "Other maker", "place": "west", "size": "large"},
    ],
    "lines": [
        {"line": "L1", "enterprise": "maker", "place": "east", "kind": "mask", "quantity": 2},
        {"line": "L2", "enterprise": "other_maker", "place": "west", "kind": "mask", "quantity": 2},
    ],
    "processes": [
        {
            "process": "make_mask",
            "kind": "make",
            "item": "mask",
            "line_kind": "mask",
            "rate_per_day": 40,
            "licence": True,
        }
    ],
    "pools": [{"pool": "support", "quantity": 1000, "basis": "horizon"}],
    "imports": [
        {"source": "abroad", "item": "mask", "port": "harbour", "quantity_per_day": 9, "lead_days": 2}
        | {"customs_days": 3, "express_days": 1}
    ],
}


OFFER = ROWS["imports"][0]


def add_port(organisation: Organisation) -> None:
    """A port, and an offer of masks through it."""
    for table in ("places", "imports"):
        put_rows(table=table, rows=[ROWS[table][-1]], organisation=organisation, by=None)


def fill(organisation: Organisation) -> None:
    """Put the small register into the platform."""
    for table, rows in ROWS.items():
        outcome = put_rows(table=table, rows=rows, organisation=organisation, by=None)
        assert not outcome.refused, list(outcome.findings)


def people(places: SimpleNamespace, roles: dict[str, Role]) -> SimpleNamespace:
    """Two officers of each desk, and people who hold no right at it."""

    def person(name: str, role: str, organisation: Organisation) -> Person:
        return actions.add_person(username=name, password=None, role=roles[role], organisation=organisation, by=None)

    both = {f"{role}_{n}": person(f"{role}_{n}", role, places.country) for role in DESKS for n in (1, 2)}
    return SimpleNamespace(**both)


def pdf(name: str = "paper.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    """A synthetic document as a browser sends it."""
    return SimpleUploadedFile(name, content)


def attach(desk: Desk, subject: Any, *kinds: str, by: Person | None) -> None:
    """Send a document of each kind."""
    for kind in kinds:
        desk.attach(subject, kind, receive_document(pdf(f"{kind}.pdf")), by=by)


def registered(table: str, *key: Any) -> dict[str, Any]:
    """What the register says of a row now; empty when there is none."""
    return register.body_of(table, *key)


def versions(table: str) -> list[dict[str, Any]]:
    """Rows of a table as they are now."""
    return [row.body for row in queries.rows(table)]
