"""The fast track: every step, who may take it, what it needs, and what the next plan knows of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from tests.web.machine_cells import cells, judge
from tests.web.services_world import attach, pdf, registered

from mainstay_web.audit.models import AuditRow
from mainstay_web.licensing import actions, queries
from mainstay_web.licensing.desk import DESK
from mainstay_web.licensing.machine import LICENSING, requirement
from mainstay_web.licensing.models import Application, State
from mainstay_web.planning.cases import current_case, take_snapshot
from mainstay_web.registry.actions import change_settings
from mainstay_web.services.documents import receive_document
from mainstay_web.uploads import Refused

TODAY = timezone.localdate
NEXT_YEAR = {"expires": TODAY() + timedelta(365)}
GIVEN = {"kind": "test_report", "document": "a.pdf", "check": "site", "result": "passed", "note": "said", **NEXT_YEAR}


@pytest.fixture
def draft(desks, places) -> Application:
    """The maker's application for masks, without any document."""
    return actions.begin(organisation=places.maker, item="mask", standard="GB 19083-2010", line="L1", by=desks.maker)


@pytest.fixture
def checked(draft, desks) -> Application:
    """All documents there, all checks passed."""
    attach(DESK, draft, *requirement(draft).documents, by=desks.maker)
    take(draft, "submit", desks.maker)
    take(draft, "begin_check", desks.licensing_1)
    for check in requirement(draft).checks:
        take(draft, "check", desks.licensing_1, check=check, result="passed")
    return draft


@pytest.fixture
def granted(checked, desks) -> Application:
    take(checked, "propose_grant", desks.licensing_1, conditions="A sample of each lot.", **NEXT_YEAR)
    take(checked, "grant", desks.licensing_2)
    return checked


def take(application: Application, step: str, by, **given):
    return DESK.take(application, step, by=by, **given)


def test_each_cell_of_the_machine_is_allowed_denied_or_refused_as_the_data_say(checked, desks):
    """Every state with every step, by the maker, both officers, a reader, an outsider and the system."""
    good = {"proposed_by": desks.administrator, "suspended_by": desks.administrator, "expires": TODAY()}
    proposals = {"grant": "grant", "refuse": "refuse"}
    seen = set()
    for state, step in cells(LICENSING):
        over = {"expires": TODAY() - timedelta(1)} if step == "expire" else {}
        put = {state: good | {"proposal": proposals.get(step, "grant")} | over}
        for by in (desks.maker, desks.licensing_1, desks.head, desks.reader, desks.outsider, None):
            seen.add(judge(LICENSING, checked, state, step, by=by, given=GIVEN, put=put))
    assert seen == {"allowed", "denied", "refused"}


def test_without_its_documents_an_application_is_not_submitted(draft, desks):
    attach(DESK, draft, "business_licence", by=desks.maker)

    with pytest.raises(ValidationError, match=r"missing: Technical requirements.*Risk analysis"):
        take(draft, "submit", desks.maker)
    assert draft.changes.count() == 2


def test_what_is_needed_follows_from_the_class_of_the_item(desks, places):
    bag = actions.begin(organisation=places.maker, item="bag", standard="own", by=desks.maker)
    assert "risk_analysis" not in requirement(bag).documents

    with pytest.raises(PermissionDenied):
        actions.change_requirement(item_class="bags", documents=["label"], checks=[], by=desks.maker)
    actions.change_requirement(item_class="bags", documents=["label"], checks=[], by=desks.licensing_1)

    assert requirement(bag).documents == ["label"]
    assert AuditRow.objects.get(action="licensing.require").detail["new"]["documents"] == ["label"]


def test_a_check_that_failed_stands_against_the_grant_until_it_is_passed(checked, desks):
    take(checked, "check", desks.licensing_1, check="sample", result="failed")
    with pytest.raises(ValidationError, match=r"not passed: Test of a sample"):
        take(checked, "propose_grant", desks.licensing_1, **NEXT_YEAR)

    take(checked, "check", desks.licensing_1, check="sample", result="passed")
    take(checked, "propose_grant", desks.licensing_1, **NEXT_YEAR)
    assert checked.state == State.PROPOSED


@pytest.mark.parametrize(("proposal", "confirm"), [("propose_grant", "grant"), ("propose_refusal", "refuse")])
def test_a_decision_takes_two_persons_and_the_one_that_was_proposed(checked, desks, proposal, confirm):
    said = NEXT_YEAR if confirm == "grant" else {"note": "no trace of the sample"}
    take(checked, proposal, desks.licensing_1, **said)

    with pytest.raises(ValidationError, match="Somebody else"):
        take(checked, confirm, desks.licensing_1)
    with pytest.raises(ValidationError, match="another"):
        take(checked, "refuse" if confirm == "grant" else "grant", desks.licensing_2)
    assert not registered("licences", "maker", "mask")

    take(checked, confirm, desks.head)
    assert AuditRow.objects.filter(action=f"licensing.{confirm}", person=desks.head).count() == 1


def test_where_one_person_is_the_whole_office_they_may_confirm_themselves(checked, desks, settings):
    settings.FOUR_EYES = False
    take(checked, "propose_grant", desks.licensing_1, **NEXT_YEAR)
    take(checked, "grant", desks.licensing_1)
    assert checked.state == State.GRANTED


def test_a_licence_that_would_have_ended_is_not_granted(checked, desks):
    with pytest.raises(ValidationError, match="after today"):
        take(checked, "propose_grant", desks.licensing_1, expires=TODAY())
    take(checked, "propose_grant", desks.licensing_1, **NEXT_YEAR)
    Application.objects.update(expires=TODAY() - timedelta(1))
    with pytest.raises(ValidationError, match="over"):
        take(checked, "grant", desks.licensing_2)


def test_a_granted_licence_is_held_in_the_register_until_its_last_day(granted, desks):
    row = registered("licences", "maker", "mask")
    assert (row["state"], row["expires"]) == ("held", NEXT_YEAR["expires"].isoformat())
    assert granted.conditions == "A sample of each lot."


def test_one_person_suspends_at_once_and_another_withdraws_and_the_next_plan_knows(granted, desks, places):
    change_settings(settings={"start": TODAY(), "horizon": "5x1"}, organisation=places.country, by=None)
    assert current_case()["licences"]["state"].to_list() == ["held"]

    take(granted, "suspend", desks.licensing_1, note="holes in the fabric")
    assert current_case()["licences"].select("state", "expires").rows() == [("none", None)]
    with pytest.raises(ValidationError, match="Somebody else"):
        take(granted, "withdraw", desks.licensing_1, note="again")
    take(granted, "withdraw", desks.licensing_2, note="again")

    row = registered("licences", "maker", "mask")
    assert row["state"] == "none"
    assert "fast_review_days" not in row
    with pytest.raises(ValidationError, match="not possible"):
        take(granted, "reinstate", desks.licensing_2, note="sorry")


def test_a_suspended_licence_is_put_in_force_again_by_somebody_else(granted, desks):
    take(granted, "suspend", desks.licensing_1, note="a doubt")
    with pytest.raises(ValidationError, match="Somebody else"):
        take(granted, "reinstate", desks.licensing_1, note="no doubt")
    take(granted, "reinstate", desks.licensing_2, note="no doubt")
    assert registered("licences", "maker", "mask")["state"] == "held"


def test_licences_that_end_soon_are_listed_and_those_over_are_none_in_the_next_snapshot(granted, desks, places):
    assert not queries.expiring(desks.licensing_1)
    Application.objects.update(expires=TODAY() + timedelta(7))
    assert list(queries.expiring(desks.maker)) == [granted]
    assert actions.expire_due() == 0

    Application.objects.update(expires=TODAY() - timedelta(1))
    change_settings(settings={"start": TODAY(), "horizon": "5x1"}, organisation=granted.organisation, by=None)
    take_snapshot(organisation=places.country, by=desks.analyst)
    granted.refresh_from_db()
    assert (granted.state, registered("licences", "maker", "mask")["state"]) == ("expired", "none")
    assert AuditRow.objects.get(action="licensing.expire").person is None


def test_one_application_for_an_item_is_open_at_a_time(draft, desks, places):
    with pytest.raises(ValidationError, match=f"Application {draft.pk} for this item is open"):
        actions.begin(organisation=places.maker, item="mask", standard="GB", by=desks.maker)


@pytest.mark.parametrize(
    ("said", "match"),
    [
        ({"item": "spoon"}, "knows no “spoon”"),
        ({"line": "L2"}, "belongs to another"),
        ({"standard": ""}, "blank"),
    ],
)
def test_an_application_names_what_the_register_knows(desks, places, said, match):
    with pytest.raises(ValidationError, match=match):
        actions.begin(**{"organisation": places.maker, "item": "mask", "standard": "GB", "by": desks.maker} | said)
    assert not Application.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "match"),
    [
        ("a.exe", b"MZ", "not a document that is taken"),
        ("a.pdf", b"<html>", "not a whole PDF"),
        ("a.pdf", b"%PDF-1.7 cut off", "not a whole PDF"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "not a whole PNG"),
        ("a.xlsx", b"PK", "not a workbook"),
    ],
)
def test_a_file_that_is_not_what_it_claims_is_refused(name, content, match):
    with pytest.raises(Refused, match=match):
        receive_document(pdf(name, content))
