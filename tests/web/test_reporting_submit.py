"""Receiving reports: once, whole or in part, in versions."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone
from tests.web.reporting_world import row, world

from mainstay_web.audit.models import AuditRow
from mainstay_web.reporting import actions, queries
from mainstay_web.reporting.errors import BadKey, KeyReused, NothingSubmitted
from mainstay_web.reporting.models import Report, Submission


@pytest.fixture
def here(places):
    return world(places)


def send(here, *rows, key="k", by=None, organisation=None):
    return actions.submit(organisation=organisation or here.maker, key=key, rows=list(rows), channel="api", by=by)


def current(organisation) -> dict:
    return {(r.item, r.measure, r.date.isoformat()): r.quantity for r in organisation.reports.filter(is_current=True)}


def test_a_report_is_received_and_audited(here, cast) -> None:
    submission = send(here, row(quantity=120), by=cast.maker)
    assert (submission.rows, submission.accepted, submission.refused) == (1, 1, 0)
    assert current(here.maker) == {("mask", "output", "2020-02-01"): 120}
    audit = AuditRow.objects.filter(action="reports.submit").get()
    assert audit.person == cast.maker
    assert audit.organisation == here.maker
    assert audit.detail["digest"] == submission.digest


def test_who_may_not_submit_there_is_refused_and_nothing_is_kept(here, cast) -> None:
    with pytest.raises(PermissionDenied):
        send(here, row(), by=cast.outsider)
    with pytest.raises(PermissionDenied):
        send(here, row(), by=cast.reader)
    assert Submission.objects.count() == 0


def test_a_report_sent_twice_is_accepted_once(here) -> None:
    first = send(here, row(quantity=100, unit=""))
    again = send(here, row(quantity=100.0))
    assert again == first
    assert Report.objects.count() == 1
    assert AuditRow.objects.filter(action="reports.submit").count() == 1


def test_a_key_used_for_another_body_is_refused_and_says_what_differs(here) -> None:
    send(here, row(quantity=100), row("suit", quantity=7))
    with pytest.raises(KeyReused) as refused:
        send(here, row(quantity=130), row("suit", quantity=7))
    assert refused.value.status == 409
    assert refused.value.differences == ["row 1, quantity: 100 at first, 130 now"]
    assert current(here.maker)["mask", "output", "2020-02-01"] == 100


def test_the_same_key_of_another_reporter_is_another_key(here) -> None:
    assert send(here, row()) != send(here, row(), organisation=here.other_maker)


def test_a_corrected_figure_becomes_a_new_version_and_the_old_one_stays(here) -> None:
    send(here, row(quantity=100), key="a")
    send(here, row(quantity=130), key="b")
    versions = list(here.maker.reports.order_by("version").values_list("version", "quantity", "is_current"))
    assert versions == [(1, 100, False), (2, 130, True)]


def test_a_figure_that_says_nothing_new_makes_no_version(here) -> None:
    send(here, row(quantity=100), key="a")
    again = send(here, row(quantity=100), key="b")
    assert (again.accepted, again.unchanged) == (1, 1)
    assert here.maker.reports.count() == 1


def test_every_row_is_accounted_for_and_each_refusal_names_row_and_column(here) -> None:
    submission = send(
        here,
        row(quantity=100),
        row("suit", quantity="12,000"),
        row("maks"),
        row("mask", "production"),
        row(unit="t", measure="stock"),
        row(quantity=-5, measure="received"),
        {},
        row(quantity=200),
    )
    assert (submission.rows, submission.accepted, submission.refused) == (8, 1, 7)
    errors = submission.findings.filter(severity="error")
    found = {(f.row, f.column, f.rule) for f in errors}
    assert {
        (2, "quantity", "thousands_separator"),
        (3, "item", "unknown_reference"),
        (4, "measure", "unknown_choice"),
        (5, "unit", "unit_mismatch"),
        (6, "quantity", "negative"),
        (7, "item", "missing_value"),
    } <= found
    assert {f.row for f in errors} == {2, 3, 4, 5, 6, 7, 8}
    assert "12000" in errors.get(row=2).remedy
    assert 'Did you mean "mask"?' in errors.get(row=3).remedy


def test_a_day_to_come_is_refused_unless_it_is_a_need(here) -> None:
    tomorrow = (timezone.localdate() + timedelta(1)).isoformat()
    submission = send(here, row(day=tomorrow), row(measure="need", day=tomorrow))
    assert submission.findings.get().rule == "future_date"
    assert submission.accepted == 1


def test_the_day_of_receipt_is_the_platforms_own(here) -> None:
    submission = send(here, row(received_at="2020-01-01"))
    assert submission.accepted == 1
    assert submission.findings.get().rule == "received_now"
    assert Report.objects.get().known_on == timezone.localdate()


def test_an_office_reports_for_those_under_it_and_for_nobody_else(here) -> None:
    submission = send(here, row(reporter="maker"), row(reporter="other_maker"), organisation=here.east)
    assert submission.findings.get(severity="error").rule == "unknown_reporter"
    assert Report.objects.get().organisation == here.maker


@pytest.mark.parametrize(
    ("key", "rows", "error"), [("", [row()], BadKey), ("x" * 201, [row()], BadKey), ("k", [], NothingSubmitted)]
)
def test_what_is_no_submission_is_refused(here, key, rows, error) -> None:
    with pytest.raises(error):
        send(here, *rows, key=key)


def test_a_column_that_is_not_declared_is_said_and_not_read(here) -> None:
    submission = send(here, row(quantitty=5))
    assert submission.accepted == 1
    assert submission.findings.get().rule == "unknown_column"


def test_the_case_table_tells_what_was_known_on_a_day(here) -> None:
    send(here, row(quantity=100), key="a")
    send(here, row(quantity=130), key="b")
    Report.objects.filter(version=1).update(known_on=date(2020, 2, 2))
    Report.objects.filter(version=2).update(known_on=date(2020, 2, 5))
    assert queries.reports_frame()["quantity"].to_list() == [130]
    assert queries.reports_frame(date(2020, 2, 3))["quantity"].to_list() == [100]
    assert queries.reports_frame(date(2020, 2, 1)).height == 0
    assert queries.reports_frame(all_versions=True)["reporter"].to_list() == ["maker", "maker"]


@pytest.mark.django_db(transaction=True)
def test_two_requests_with_one_key_at_the_same_time_end_in_one_submission(transactional_db, request) -> None:
    here = world(request.getfixturevalue("places"))
    start, found, errors = threading.Barrier(4), [], []

    def post() -> None:
        try:
            start.wait()
            found.append(send(here, row()).pk)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=post) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(set(found)) == 1
    assert len(found) == 4
    assert Report.objects.count() == Submission.objects.count() == 1
