"""The desks for programs: the same steps, rights and two persons as on the pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.web.api_world import bearer, whole
from tests.web.services_world import pdf, registered

from mainstay_web.audit.models import AuditRow
from mainstay_web.licensing.models import Application

API = "/api/v1/"
NEXT_YEAR = (timezone.localdate() + timedelta(365)).isoformat()
APPLICATION = {"organisation": "maker", "item": "mask", "standard": "GB 19083-2010", "line": "L1"}


@pytest.fixture
def call(client, desks):
    """Calls the interface as a person with every scope they can have: method, address, body."""
    tokens = {}

    def as_(name: str, method: str, path: str, body=None, **more):
        if name not in tokens:
            tokens[name] = whole(getattr(desks, name))
        said = {"data": body or {}, "content_type": "application/json"} if method == "post" and not more else more
        return getattr(client, method)(API + path, headers=tokens[name], **said)

    return as_


@pytest.fixture
def proposed(call) -> int:
    """The maker's application, checked, with a grant that the first officer proposed."""
    number = call("maker", "post", "licences", APPLICATION).json()["id"]
    kinds = ("business_licence", "product_requirements", "test_report", "quality_system", "label", "risk_analysis")
    for kind in kinds:
        sent = call("maker", "post", f"services/licences/{number}/documents", data={"kind": kind, "file": pdf()})
        assert sent.status_code == 200, sent.json()
    assert step(call, "maker", number, "submit").json()["state"] == "submitted"
    step(call, "licensing_1", number, "begin_check")
    for check in ("papers", "site", "sample"):
        step(call, "licensing_1", number, "check", check=check, result="passed")
    found = step(call, "licensing_1", number, "propose_grant", expires=NEXT_YEAR).json()
    assert found["state"] == "proposed"
    assert len(found["documents"]) == len(kinds)
    return number


def step(call, name: str, number: int, taken: str, service: str = "licences", note: str = "", **given):
    return call(name, "post", f"services/{service}/{number}/steps/{taken}", {"note": note, "given": given})


def test_two_persons_cannot_be_got_round_by_the_interface(call, proposed, desks):
    refused = step(call, "licensing_1", proposed, "grant")
    assert (refused.status_code, registered("licences", "maker", "mask")) == (422, {})
    assert "Somebody else" in refused.json()["detail"]
    for given in ({"proposed_by": desks.licensing_2.pk}, {"by": desks.licensing_2.pk}, {"state": "granted"}):
        assert step(call, "licensing_1", proposed, "grant", **given).status_code == 422
    assert step(call, "licensing_1", proposed, "expire").status_code == 403, "a step of the system's own"
    assert Application.objects.get().state == "proposed"

    granted = step(call, "licensing_2", proposed, "grant").json()
    assert (granted["state"], granted["facts"]["expires"]) == ("granted", NEXT_YEAR)
    assert registered("licences", "maker", "mask")["state"] == "held"
    assert AuditRow.objects.get(action="licensing.grant").person == desks.licensing_2


def test_a_token_takes_only_the_steps_that_its_scopes_name(client, desks, call):
    number = call("maker", "post", "licences", APPLICATION).json()["id"]
    headers = bearer(desks.maker, "licensing.view")
    said = {"headers": headers, "content_type": "application/json"}
    refused = client.post(f"{API}services/licences/{number}/steps/submit", data={}, **said)
    assert (refused.status_code, "lacks the scope licensing.apply" in refused.json()["detail"]) == (403, True)
    assert client.post(f"{API}licences", data=APPLICATION, **said).status_code == 403


@pytest.mark.parametrize(
    ("who", "taken", "status"),
    [("outsider", "submit", 404), ("hospital", "submit", 404), ("reader", "submit", 403), ("maker", "grant", 403)],
)
def test_who_may_not_is_refused(call, who, taken, status):
    number = call("maker", "post", "licences", APPLICATION).json()["id"]
    assert step(call, who, number, taken).status_code == status


@pytest.mark.parametrize(
    ("taken", "given", "said"),
    [
        ("submit", {}, "Documents are missing"),
        ("submit", {"colour": "red"}, "does not ask colour. It asks: note"),
        ("fly", {}, "no step “fly”. Known steps: begin, attach"),
        ("attach", {"kind": "label", "document": "x", "sha256": "y"}, "Documents come by POST"),
        ("begin", {}, "not possible"),
    ],
)
def test_a_refused_step_says_why(call, taken, given, said):
    number = call("maker", "post", "licences", APPLICATION).json()["id"]
    refused = step(call, "maker", number, taken, **given)
    assert (refused.status_code, said in refused.json()["detail"]) == (422, True), refused.json()


def test_what_a_step_asks_is_judged_as_on_the_page(call, proposed):
    step(call, "licensing_1", proposed, "return", note="one more look")
    for given in ({}, {"expires": "soon"}, {"expires": "2020-01-01"}):
        assert step(call, "licensing_1", proposed, "propose_grant", **given).status_code == 422
    assert step(call, "licensing_1", proposed, "check", check="taste", result="passed").status_code == 422


@pytest.mark.parametrize(("kind", "file"), [("letter", pdf()), ("label", pdf("a.exe")), ("label", pdf("a.pdf", b"no"))])
def test_a_document_of_an_unknown_kind_or_a_file_that_is_none_is_refused(call, kind, file):
    number = call("maker", "post", "licences", APPLICATION).json()["id"]
    assert (
        call("maker", "post", f"services/licences/{number}/documents", data={"kind": kind, "file": file}).status_code
        == 422
    )
    assert call("maker", "get", f"services/licences/{number}").json()["documents"] == []


def test_matters_are_listed_by_state_with_the_steps_that_are_possible(call):
    call("maker", "post", "licences", APPLICATION)
    found = call("maker", "get", "services/licences?state=draft").json()
    assert (found["total"], found["rows"][0]["possible"]) == (1, ["attach", "submit"])
    assert call("licensing_1", "get", "services/licences?state=granted").json()["total"] == 0
    assert call("outsider", "get", "services/licences").json()["total"] == 0


def test_a_consignment_goes_through_customs(call):
    said = {"organisation": "maker", "item": "mask", "quantity": 9, "port": "harbour", "reference": "AWB 1"}
    number = call("maker", "post", "customs", said).json()["id"]
    for kind in ("transport", "urgency", "invoice", "packing_list"):
        call("maker", "post", f"services/customs/{number}/documents", data={"kind": kind, "file": pdf()})
    today = timezone.localdate().isoformat()
    assert step(call, "maker", number, "declare", "customs", on=today).json()["state"] == "declared"
    assert step(call, "maker", number, "clear", "customs", on=today).status_code == 403
    assert step(call, "customs_1", number, "clear", "customs", on=today).json()["state"] == "cleared"


def test_support_is_asked_assessed_and_granted_by_two(call):
    said = {"organisation": "maker", "kind": "loan", "line": "L1", "text": "Cloth", "amount": 100}
    number = call("maker", "post", "support", said).json()["id"]
    worth = {"cost": 100, "share": 0.2, "lead_days": 2}
    assert step(call, "finance_1", number, "assess", "support", **worth | {"share": 2}).status_code == 422
    assert step(call, "finance_1", number, "assess", "support", **worth).json()["state"] == "assessed"
    assert step(call, "finance_1", number, "grant", "support").status_code == 422
    assert step(call, "finance_2", number, "grant", "support").json()["state"] == "granted"


def test_an_arrear_is_recorded_and_confirmed_by_its_debtor_alone(call):
    said = {"organisation": "maker", "debtor": "hospital", "amount": 7, "due": "2020-01-01", "invoice": "INV 1"}
    number = call("maker", "post", "arrears", said).json()["id"]
    assert step(call, "maker", number, "confirm", "arrears").status_code == 403
    assert step(call, "hospital", number, "confirm", "arrears").json()["state"] == "confirmed"
    assert call("maker", "post", "arrears", said).status_code == 422, "one invoice is recorded once"


def test_measured_days_are_read_and_accepted_by_who_keeps_the_register(client, call, desks):
    headers = whole(desks.analyst)
    assert client.get(f"{API}customs-days", headers=headers).json() == []
    body = {"source": "abroad", "column": "express_days", "measured": 4}
    refused = client.post(f"{API}customs-days", data=body, headers=headers, content_type="application/json")
    assert (refused.status_code, "another by now" in refused.json()["detail"]) == (422, True)
