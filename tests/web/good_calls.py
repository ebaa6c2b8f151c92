"""A good call of every operation of the interface, on what ``whole_world`` holds.

``reader`` and ``outsider`` are what those who see all and write nothing, and who report for a maker in West, are
answered to the same call with all scopes that they may have.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone
from tests.web.services_world import pdf
from tests.web.test_planning_cases import packed

TODAY = timezone.localdate()
MASKS = {"organisation": "east", "place": "depot", "item": "mask"}
LOT = {"item": "mask", "lot": "A"}
MAKER = {"organisation": "maker", "item": "mask"}
OWED = {"debtor": "hospital", "amount": 7, "due": TODAY.isoformat(), "invoice": "INV 8"}
REPORT = {"item": "mask", "measure": "stock", "basis": "day", "date": "2020-02-02", "quantity": 9}
NEXT_MONTH = (TODAY + timedelta(30)).isoformat()
LIVED = {"organisation": "country", "title": "Again", "policies": ["cover"]}
WHY = {"reason": "told", "reference": "order 1"}


@dataclass(frozen=True)
class Call:
    """One call: ``path`` as the OpenAPI document has it, its parameters (numbers by the name of a thing), and
    ``naming``: what of its body is such a number."""

    method: str
    path: str
    reader: int
    outsider: int
    at: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, Any] | None = None
    naming: Mapping[str, str] = field(default_factory=dict)

    @property
    def operation(self) -> tuple[str, str]:
        """Its method and path."""
        return self.method, self.path

    def place(self, things: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters of its path."""
        return {name: things.get(value, value) for name, value in self.at.items()}

    def said(self, things: Mapping[str, Any]) -> dict[str, Any] | None:
        """Its body."""
        if self.body is None:
            return None
        return {**self.body, **{name: things[value] for name, value in self.naming.items()}}

    def send(self, client: Client, headers: Mapping[str, str], things: Mapping[str, Any]) -> Any:
        """Make the call, and give the answer."""
        said = {**headers, "Idempotency-Key": "once"}
        url = f"/api/v1{self.path.format(**self.place(things))}"
        if self.method == "get":
            return client.get(url, self.query, headers=said)
        if self.form is not None:
            return client.post(url, {name: give() for name, give in self.form.items()}, headers=said)
        return client.post(
            url, json.dumps(self.said(things)), content_type="application/json", headers=said, query_params=self.query
        )


def get(path: str, outsider: int, reader: int = 200, **more: Any) -> Call:
    """A call that reads."""
    return Call("get", path, reader, outsider, **more)


def post(path: str, outsider: int, body: Mapping[str, Any] | None = None, reader: int = 403, **more: Any) -> Call:
    """A call that writes."""
    return Call("post", path, reader, outsider, body=body, **more)


CALLS = (
    get("/organisations", 200, query={"action": "reports.view"}),
    get("/items", 200),
    get("/places", 200),
    get("/register/{table}", 200, at={"table": "lines"}, query={"search": "L1"}),
    post("/ledger/receipts", 404, {**MASKS, **WHY, "lot": "B", "quantity": 5, "expires": NEXT_MONTH}),
    post("/ledger/issues", 404, {**MASKS, **WHY, "quantity": 5}),
    post(
        "/ledger/transfers",
        404,
        {**MASKS, "quantity": 5, "to": {"organisation": "hospital", "place": "hospital"}},
    ),
    post("/ledger/counts", 404, {**MASKS, "lot": "A", "counted": 70.5}),
    post("/ledger/reservations", 404, {**MASKS, "quantity": 5}),
    get("/ledger/reservations", 200),
    post("/ledger/reservations/{pk}/post", 404, {"quantity": 2}, at={"pk": "reservation"}),
    post("/ledger/reservations/{pk}/void", 404, WHY, at={"pk": "reservation"}),
    post("/ledger/movements/{pk}/arrival", 404, {"counted": {"A": 19}}, at={"pk": "shipment"}),
    post("/ledger/movements/{pk}/reversal", 404, WHY, at={"pk": "shipment"}),
    get("/ledger/movements", 200, query={"kind": "receive", **LOT}),
    get("/ledger/movements/{pk}", 404, at={"pk": "movement"}),
    get("/ledger/balances", 200, query={"day": TODAY.isoformat(), **LOT}),
    get("/ledger/recalls", 403, 403, query=LOT),
    post("/ledger/recalls", 403, WHY, query=LOT),
    post("/reports", 404, {"organisation": "maker", "rows": [REPORT]}),
    get("/reports", 200, query={"organisation": "maker"}),
    get("/submissions/{pk}", 404, at={"pk": "submission"}),
    get("/findings", 200, query={"organisation": "maker"}),
    get("/coverage", 200, query={"day": "2020-02-01"}),
    get("/plans", 403),
    post("/plans", 403, {"organisation": "country", "title": "Again"}),
    get("/plans/{pk}", 403, at={"pk": "run"}),
    post("/plans/{pk}/cancel", 403, {}, at={"pk": "run"}),
    post("/plans/{pk}/decision", 403, {"verdict": "rejected", "reason": "late"}, at={"pk": "run"}),
    get("/plans/{pk}/tables/{table}", 403, at={"pk": "run", "table": "shipments"}),
    get("/plans/{pk}/tables/{table}/csv", 403, at={"pk": "run", "table": "shipments"}),
    get("/preparations", 403),
    post("/preparations", 403, {"organisation": "country", "title": "Again"}),
    get("/preparations/{pk}", 403, at={"pk": "preparation"}),
    post("/preparations/{pk}/cancel", 403, {}, at={"pk": "preparation"}),
    get("/preparations/{pk}/designs", 403, at={"pk": "preparation"}),
    get("/designs/{pk}", 403, at={"pk": "design"}),
    get("/designs/{pk}/tables/{table}", 403, at={"pk": "design", "table": "designs"}),
    post("/designs/{pk}/decision", 403, {"verdict": "withdrawn", "reason": "late"}, at={"pk": "design"}),
    get("/rotation", 403),
    post("/rotation/{pk}/done", 403, {"is_done": True}, at={"pk": "task"}),
    get("/replays", 403),
    post("/replays", 403, LIVED, naming={"plan": "run"}),
    get("/replays/{pk}", 403, at={"pk": "replay"}),
    post("/replays/{pk}/cancel", 403, {}, at={"pk": "replay"}),
    get("/replays/{pk}/tables/{table}", 403, at={"pk": "replay", "table": "policies"}),
    get("/replays/{pk}/tables/{table}/csv", 403, at={"pk": "replay", "table": "policies"}),
    get("/exercises", 403),
    post("/exercises", 403, LIVED, naming={"plan": "run"}),
    get("/exercises/{pk}", 403, at={"pk": "exercise"}, query={"start": "cover"}),
    get("/exercises/{pk}/turns", 403, at={"pk": "decided"}),
    post("/exercises/{pk}/decide", 403, {"number": 1, "start": "cover"}, at={"pk": "exercise"}),
    post("/exercises/{pk}/plan", 403, {}, at={"pk": "exercise"}),
    post("/exercises/{pk}/undo", 403, {"number": 2}, at={"pk": "decided"}),
    post("/exercises/{pk}/end", 403, {}, at={"pk": "decided"}),
    get("/exercises/{pk}/tables/{table}", 403, at={"pk": "ended", "table": "policies"}),
    get("/own", 404, 403, query={"organisation": "maker"}),
    get("/today", 404, 403, query={"organisation": "maker"}),
    get("/directives", 200, query={"organisation": "maker"}),
    get("/directives/{pk}", 404, at={"pk": "directive"}),
    post("/directives/{pk}/steps/{step}", 404, {}, at={"pk": "directive", "step": "accept"}),
    get("/directives/{pk}/lots", 404, at={"pk": "sending"}),
    post("/directives/{pk}/departures", 404, {"quantity": 1}, at={"pk": "sending"}),
    post("/directives/{pk}/arrivals", 404, {}, at={"pk": "taking_in"}, naming={"shipment": "on_the_way"}),
    post("/directives/{pk}/receipts", 404, {"quantity": 1, "lot": "M"}, at={"pk": "taking_in"}),
    post("/plans/{pk}/directives", 403, {"days": 2}, at={"pk": "run"}),
    get("/services/{service}", 200, at={"service": "licences"}),
    get("/services/{service}/{pk}", 404, at={"service": "customs", "pk": "consignment"}),
    post(
        "/services/{service}/{pk}/steps/{step}",
        404,
        {"given": {"on": TODAY.isoformat()}},
        at={"service": "customs", "pk": "consignment", "step": "declare"},
    ),
    post(
        "/services/{service}/{pk}/documents",
        404,
        at={"service": "licences", "pk": "application"},
        form={"kind": lambda: "test_report", "file": pdf},
    ),
    post("/licences", 404, {**MAKER, "item": "bag", "standard": "of its own"}),
    post("/customs", 404, {**MAKER, "quantity": 9, "port": "harbour", "reference": "AWB 8", "source": "abroad"}),
    post("/support", 404, {"organisation": "maker", "kind": "loan", "line": "L1", "text": "Cash", "amount": 5}),
    post("/arrears", 404, {"organisation": "maker", **OWED}),
    get("/customs-days", 200),
    post("/customs-days", 403, {"source": "abroad", "column": "express_days", "measured": 2}),
    post("/case", 403, form={"organisation": lambda: "country", "file": lambda: packed("tiny")}),
    post("/duplicates", 403, {"organisation": "country"}),
    get("/jobs", 403, 403),
    get("/jobs/{pk}", 403, 403, at={"pk": "job"}),
    post("/jobs/{pk}/cancel", 403, {}, at={"pk": "job"}),
    get("/audit", 403, 403),
)
