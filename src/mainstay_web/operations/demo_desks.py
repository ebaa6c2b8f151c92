"""What the demo shows at the desks: synthetic applications, consignments, requests and arrears, seeded by the day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import polars as pl

from mainstay.tables import Case
from mainstay_web import clock
from mainstay_web.accounts.models import Organisation
from mainstay_web.customs.desk import DESK as CUSTOMS
from mainstay_web.customs.desk import announce
from mainstay_web.licensing import actions as licensing
from mainstay_web.licensing.desk import DESK as LICENSING
from mainstay_web.licensing.machine import requirement
from mainstay_web.services.desk import Desk
from mainstay_web.services.documents import Sent
from mainstay_web.support.desk import ARREARS_DESK, ask, record_arrear

STANDARD = "GB 19082-2009"
WAITS = (1, 2, 2)
"""Days that the consignments of the demo took in the express window."""


def fill(case: Case, maker: Organisation, debtor: Organisation) -> None:
    """One matter of each kind and more, so that every desk has something to do."""
    finished = case["items"].filter(pl.col("stage") == "finished")["item"].to_list()
    lines = case["lines"].filter(pl.col("enterprise") == maker.enterprise)["line"].to_list()
    _apply(maker, finished, lines)
    for offer in case["imports"].head(1).to_dicts():
        arrive(offer, maker)
    if lines:
        ask(organisation=maker, kind="workers", line=lines[0], text="GB 8-16", by=None)
        ask(organisation=maker, kind="loan", line=lines[0], text="GB 8-17", amount=50_000, by=None)
    if _is_small(case, maker):
        _owe(maker, debtor)


def _apply(maker: Organisation, items: list[str], lines: list[str]) -> None:
    """An application under check, and one that waits for its documents."""
    first, *others = [licensing.begin(organisation=maker, item=item, standard=STANDARD, by=None) for item in items[:2]]
    _attach(LICENSING, first, requirement(first).documents)
    LICENSING.take(first, "submit", by=None)
    LICENSING.take(first, "begin_check", by=None)
    for each in others:
        _attach(LICENSING, each, requirement(each).documents[:2])


def arrive(offer: Mapping[str, Any], importer: Organisation) -> None:
    """Consignments of an offer that were cleared, one that is held and one that is declared."""
    for number, wait in enumerate((*WAITS, 4, 1), start=1):
        consignment = announce(
            organisation=importer,
            item=offer["item"],
            quantity=max(1.0, offer["quantity_per_day"]),
            port=offer["port"],
            source=offer["source"],
            reference=f"2020-{number:03}",
            by=None,
        )
        _attach(CUSTOMS, consignment, ["transport", "urgency", "invoice", "packing_list"])
        CUSTOMS.take(consignment, "declare", by=None, on=_ago(wait))
        if number <= len(WAITS):
            CUSTOMS.take(consignment, "clear", by=None, on=clock.today())
        elif wait > 1:
            CUSTOMS.take(consignment, "hold", by=None, on=_ago(wait - 1), reason="documents", note="2020-004")


def _owe(creditor: Organisation, debtor: Organisation) -> None:
    """Arrears of each age; the oldest is disputed."""
    for number, days in enumerate((12, 45, 75, 120), start=1):
        arrear = record_arrear(
            organisation=creditor,
            debtor=debtor.code,
            amount=10_000.0 * number,
            due=_ago(days),
            invoice=f"2020-{number:03}",
            by=None,
        )
    ARREARS_DESK.take(arrear, "dispute", by=None, note="2020-004")


def _is_small(case: Case, maker: Organisation) -> bool:
    sizes = case["enterprises"].filter(pl.col("enterprise") == maker.enterprise)["size"]
    return sizes.item() in ("micro", "small", "medium")


def _attach(desk: Desk, subject: Any, kinds: list[str]) -> None:
    for kind in kinds:
        desk.attach(subject, kind, Sent(f"{kind}.pdf", b"%PDF-1.4\n% synthetic\n%%EOF\n"), by=None)


def _ago(days: int) -> Any:
    return clock.today() - timedelta(days)
