"""The interface: tokens, scopes, and the same reads and writes as the pages."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from tests.web.api_world import bearer
from tests.web.background import work_off
from tests.web.reporting_world import row, world
from tests.web.test_planning_cases import packed

import mainstay as ms
from mainstay.tables.findings import Both
from mainstay_web.accounts import actions
from mainstay_web.accounts.models import Token
from mainstay_web.audit.models import AuditRow
from mainstay_web.jobs import queue
from mainstay_web.planning.actions import decide
from mainstay_web.planning.cases import import_case
from mainstay_web.planning.models import Run

URL = "/api/v1"


def send(client, headers, rows, key="k1", **more):
    headers = headers | {"Idempotency-Key": key}
    return client.post(f"{URL}/reports", {"rows": rows, **more}, content_type="application/json", headers=headers)


def test_the_description_is_open_and_says_the_version(client, db):
    document = client.get(f"{URL}/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert "/api/v1/reports" in document["paths"]


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer mainstay_wrong"}, {"Authorization": "Basic abc"}])
def test_without_a_token_in_force_there_is_401(client, cast, headers):
    answer = client.get(f"{URL}/organisations", headers=headers)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.json()["title"] == "Unauthorized"


def test_a_session_of_a_browser_opens_nothing(client, cast):
    client.force_login(cast.head)
    assert client.get(f"{URL}/plans").status_code == 401


@pytest.mark.parametrize(
    "change",
    [{"ended_at": timezone.now()}, {"expires_at": timezone.now(), "made_at": timezone.now() - timedelta(days=1)}],
)
def test_an_ended_or_expired_token_opens_nothing(client, cast, change):
    headers = bearer(cast.reader, "plans.view")
    assert client.get(f"{URL}/plans", headers=headers).status_code == 200
    Token.objects.update(**change)
    assert client.get(f"{URL}/plans", headers=headers).status_code == 401


def test_a_token_does_only_what_its_scopes_name(client, cast):
    answer = client.get(f"{URL}/plans", headers=bearer(cast.head, "registry.view"))
    assert answer.status_code == 403
    assert "lacks the scope plans.view" in answer.json()["detail"]


def test_a_token_loses_what_its_person_loses(client, cast):
    headers = bearer(cast.reader, "plans.view")
    actions.take_role(membership=cast.reader.memberships.get(), by=cast.administrator)
    assert client.get(f"{URL}/plans", headers=headers).status_code == 403


def test_a_token_ends_with_its_persons_account(client, cast):
    headers = bearer(cast.reader, "plans.view")
    actions.close_person(person=cast.reader, by=cast.administrator, reason="left")
    assert client.get(f"{URL}/plans", headers=headers).status_code == 401


def test_who_must_have_a_second_factor_calls_nothing_without_it(client, cast, settings):
    headers = bearer(cast.head, "plans.view")
    settings.SECOND_FACTOR = "required"
    assert "second factor" in client.get(f"{URL}/plans", headers=headers).json()["detail"]


def test_too_many_calls_of_one_token_wait_and_others_go_on(client, cast, settings):
    settings.API_CALLS = 2
    headers, others = bearer(cast.reader, "plans.view"), bearer(cast.head, "plans.view")
    codes = [client.get(f"{URL}/plans", headers=headers) for _ in range(3)]
    assert [one.status_code for one in codes] == [200, 200, 429]
    assert 1 <= int(codes[2]["Retry-After"]) <= 61
    assert client.get(f"{URL}/plans", headers=others).status_code == 200


def test_it_is_kept_when_a_token_was_last_used(client, cast):
    client.get(f"{URL}/plans", headers=bearer(cast.reader, "plans.view"))
    assert Token.objects.get().used_at is not None


def test_organisations_are_those_in_which_the_token_may_act(client, cast):
    headers = bearer(cast.east_analyst, "organisations.view", "reports.submit")
    for action in ("organisations.view", "reports.submit"):
        rows = client.get(f"{URL}/organisations?action={action}", headers=headers).json()["rows"]
        assert {one["code"] for one in rows} == {"east", "maker", "hospital"}


def test_items_are_read_by_page(client, cast, places):
    world(places)
    answer = client.get(f"{URL}/items?limit=2&offset=1", headers=bearer(cast.maker, "registry.view")).json()
    assert (answer["total"], [one["values"]["item"] for one in answer["rows"]]) == (3, ["suit", "spirit"])


def test_reports_sent_twice_under_one_key_are_received_once(client, cast, places):
    world(places)
    headers = bearer(cast.maker, "reports.submit")
    first, again = (send(client, headers, [row()]) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["accepted"] == 1


def test_another_body_under_the_same_key_is_refused(client, cast, places):
    world(places)
    headers = bearer(cast.maker, "reports.submit")
    send(client, headers, [row()])
    answer = send(client, headers, [row(quantity=7)])
    assert answer.status_code == 409
    assert "new key" in answer.json()["detail"]


def test_rows_are_accepted_and_refused_one_by_one(client, cast, places):
    world(places)
    answer = send(client, bearer(cast.maker, "reports.submit"), [row(), row(item="unknown"), row(quantity="many")])
    said = answer.json()
    assert (answer.status_code, said["accepted"], said["refused"]) == (201, 1, 2)
    assert {finding["row"] for finding in said["findings"] if finding["severity"] == "error"} == {2, 3}


def test_when_no_row_is_accepted_the_call_is_refused_with_all_findings(client, cast, places):
    world(places)
    answer = send(client, bearer(cast.maker, "reports.submit"), [row(quantity=-1)])
    assert answer.status_code == 422
    assert answer.json()["findings"][0]["row"] == 1


def test_findings_are_said_in_the_language_that_the_caller_accepts(client, cast, places):
    world(places)
    said = {}
    for number, language in enumerate(("en", "zh-Hans", "fr")):
        headers = bearer(cast.maker, "reports.submit") | {"Accept-Language": language}
        answer = send(client, headers, [row(quantity=-1)], key=f"k{number}")
        said[language] = answer.json()["findings"][0]["message"]
    assert "negative" in said["en"] == said["fr"]
    assert "负" in said["zh-Hans"]


def test_why_a_plan_failed_is_said_in_the_language_that_the_caller_accepts(client, cast, queued):
    Run.objects.filter(pk=queued.pk).update(losses=2)
    run = queue.claim("a worker")
    queue.lose(run, Both("The worker was stopped.", "工作进程已停止。"))
    headers = bearer(cast.analyst, "plans.view")
    answers = {
        language: client.get(f"{URL}/plans/{run.pk}", headers=headers | {"Accept-Language": language}).json()["reason"]
        for language in ("en", "zh-Hans")
    }
    assert answers == {
        "en": "The worker was stopped. This was attempt 1; no further one is made.",
        "zh-Hans": "工作进程已停止。这是第 1 次尝试，不再重试。",
    }


@pytest.mark.parametrize("sent", [{}, {"rows": []}, {"rows": [{"colour": "red"}]}, {"rows": "none"}])
def test_what_is_not_reports_is_refused(client, cast, places, sent):
    headers = bearer(cast.maker, "reports.submit") | {"Idempotency-Key": "k"}
    answer = client.post(f"{URL}/reports", sent, content_type="application/json", headers=headers)
    assert answer.status_code == 422
    assert set(answer.json()) == {"status", "title", "detail", "findings"}


def test_nobody_reports_for_another(client, cast, places):
    world(places)
    headers = bearer(cast.maker, "reports.submit")
    assert send(client, headers, [row()], organisation="other_maker").status_code == 404
    assert send(client, headers, [row()], organisation="maker").status_code == 201


def test_who_may_report_for_several_says_for_which(client, cast, places):
    world(places)
    answer = send(client, bearer(cast.east_analyst, "reports.submit"), [row()])
    assert answer.status_code == 422
    assert "Say which" in answer.json()["detail"]


def test_reports_findings_and_coverage_are_seen_by_who_may(client, cast, places):
    world(places)
    sent = send(client, bearer(cast.maker, "reports.submit"), [row(), row(item="suit", quantity=-1)]).json()
    mine, other = bearer(cast.maker, "reports.view"), bearer(cast.outsider, "reports.view")
    assert client.get(f"{URL}/reports?item=mask", headers=mine).json()["total"] == 1
    assert client.get(f"{URL}/findings?severity=error", headers=mine).json()["total"] == 1
    assert client.get(f"{URL}/submissions/{sent['id']}", headers=mine).json() == sent
    assert client.get(f"{URL}/coverage?day=2020-02-01", headers=mine).json()[0]["organisation"] == "maker"
    assert client.get(f"{URL}/reports", headers=other).json()["total"] == 0
    assert client.get(f"{URL}/findings", headers=other).json()["total"] == 0
    assert client.get(f"{URL}/submissions/{sent['id']}", headers=other).status_code == 404


def test_a_plan_is_listed_read_and_exported(client, cast, done):
    headers = bearer(cast.head, "plans.view")
    assert client.get(f"{URL}/plans?state=done", headers=headers).json()["rows"][0]["id"] == done.pk
    there = f"{URL}/plans/{done.pk}/tables/shipments"
    page = client.get(f"{there}?limit=2", headers=headers).json()
    whole = list(csv.DictReader(io.StringIO(client.get(f"{there}/csv", headers=headers).content.decode())))
    assert len(page["rows"]) == 2
    assert page["total"] == len(whole)
    assert list(whole[0]) == page["columns"]


def test_a_plan_is_cancelled_and_another_is_out_of_sight(client, cast, queued):
    headers = bearer(cast.analyst, "plans.run", "plans.view")
    assert client.post(f"{URL}/plans/{queued.pk}/cancel", headers=headers).json() == {"is_stopping": True}
    assert client.get(f"{URL}/plans/{queued.pk}", headers=headers).json()["state"] == "cancelled"
    assert client.get(f"{URL}/plans/{queued.pk}", headers=bearer(cast.east_analyst, "plans.view")).status_code == 404


def test_a_plan_is_approved_with_a_reason_and_the_audit_says_so(client, cast, done):
    said = {"verdict": "approved", "reason": "meets the needs"}
    there = f"{URL}/plans/{done.pk}/decision"
    refused = client.post(there, said, content_type="application/json", headers=bearer(cast.analyst, "plans.run"))
    assert refused.status_code == 403
    headers = bearer(cast.head, "plans.approve", "audit.view")
    answer = client.post(there, said, content_type="application/json", headers=headers)
    assert answer.json()["verdict"] == "approved"
    assert client.post(there, said, content_type="application/json", headers=headers).status_code == 422
    rows = client.get(f"{URL}/audit?action=plans.approve", headers=headers).json()["rows"]
    assert [one["person"] for one in rows] == ["head"]


def test_a_maker_reads_its_own_part_of_the_approved_plan_and_no_other(client, cast, done):
    headers = bearer(cast.maker, "plans.own")
    assert client.get(f"{URL}/own", headers=headers).json() == {
        "organisation": "maker",
        "run": None,
        "is_shared": False,
        "parts": {},
    }
    decide(run=done, verdict="approved", reason="good", by=cast.head)
    answer = client.get(f"{URL}/own", headers=headers).json()
    assert answer["run"] == done.pk
    assert answer["parts"]["make"]
    assert client.get(f"{URL}/own?organisation=other_maker", headers=headers).status_code == 404


def test_the_audit_is_read_by_who_may_and_a_call_leaves_its_person_there(client, cast, places):
    world(places)
    send(client, bearer(cast.maker, "reports.submit"), [row()])
    assert AuditRow.objects.first().person == cast.maker
    headers = bearer(cast.auditor, "audit.view")
    assert client.get(f"{URL}/audit?person=maker_reporter", headers=headers).json()["total"] == 2
    assert client.get(f"{URL}/audit", headers=bearer(cast.analyst, "plans.view")).status_code == 403


def test_a_run_is_started_once_under_a_key(client, cast, snapshot, places):
    import_case(case=ms.read(ms.examples.path("tiny")), organisation=places.country, by=cast.analyst)
    headers = bearer(cast.analyst, "plans.run") | {"Idempotency-Key": "monday"}
    said = {"organisation": "country", "title": "Monday"}

    def start(**more):
        return client.post(f"{URL}/plans", said | more, content_type="application/json", headers=headers)

    first, again, other = start(), start(), start(title="Tuesday")
    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 409)
    assert first.json()["id"] == again.json()["id"]
    assert "Use a new key" in other.json()["detail"]
    del headers["Idempotency-Key"]
    assert start().status_code == start().status_code == 201
    assert Run.objects.count() == 3


def test_a_case_is_received_at_once_and_imported_in_the_background(client, cast, places, settings, tmp_path):
    settings.DATA = tmp_path
    headers = bearer(cast.analyst, "registry.import") | {"Idempotency-Key": "monday"}

    def post(name="tiny", headers=headers, **more):
        said = {"organisation": "country", "file": packed(name), **more}
        return client.post(f"{URL}/case", said, headers=headers)

    answer = post()
    assert (answer.status_code, answer.json()["state"]) == (202, "queued")
    work_off()
    job = client.get(answer["Location"], headers=headers).json()
    assert (job["state"], {n["refused"] for n in job["summary"]["tables"]}) == ("done", {0})
    assert post().json()["id"] == job["id"]
    assert post("cholera-mini").status_code == 409
    assert post(headers=bearer(cast.analyst, "registry.merge")).status_code == 403
    assert post(headers=bearer(cast.east_analyst, "registry.import")).status_code == 404
    assert client.get(answer["Location"], headers=bearer(cast.analyst, "registry.merge")).status_code == 404
    assert client.get(answer["Location"], headers=bearer(cast.reader, "plans.view")).status_code == 403
    refused = post(file=SimpleUploadedFile("virus.exe", b"MZ"))
    assert (refused.status_code, "is not of a kind" in refused.json()["detail"]) == (422, True)


def test_the_findings_of_a_refused_case_name_table_column_and_row(client, cast, places, settings, tmp_path):
    settings.DATA = tmp_path
    headers = bearer(cast.analyst, "registry.import")
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for file in ms.examples.path("tiny").iterdir():
            archive.writestr(file.name, file.read_text().replace("east_west,east", "east_west,nowhere"))
    file = SimpleUploadedFile("tiny.zip", content.getvalue())
    answer = client.post(f"{URL}/case", {"organisation": "country", "file": file}, headers=headers)
    work_off()
    job = client.get(answer["Location"], headers=headers).json()
    assert job["state"] == "failed"
    assert [(f["column"], f["row"]) for f in job["findings"]] == [("lanes.origin", 2)]


def test_enterprises_are_compared_in_the_background_and_the_search_can_be_cancelled(client, cast, places):
    headers = bearer(cast.analyst, "registry.merge")
    said = {"organisation": "country"}
    first = client.post(f"{URL}/duplicates", said, content_type="application/json", headers=headers)
    again = client.post(f"{URL}/duplicates", said, content_type="application/json", headers=headers)
    assert (first.status_code, first.json()["id"]) == (202, again.json()["id"])
    there = f"{URL}/jobs/{first.json()['id']}"
    assert client.post(f"{there}/cancel", headers=headers).json() == {"is_stopping": True}
    assert client.get(f"{URL}/jobs?state=cancelled", headers=headers).json()["total"] == 1


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/api/v1/nothing", 404),
        ("post", "/api/v9/reports", 404),
        ("put", f"{URL}/reports", 405),
        ("delete", f"{URL}/plans", 405),
    ],
)
def test_wrong_addresses_and_methods_are_answered_in_the_shape_of_all_errors(client, cast, method, path, status):
    answer = getattr(client, method)(path, headers=bearer(cast.reader, "plans.view"))
    assert answer.status_code == status
    assert answer.json().keys() == {"status", "title", "detail", "findings"}
    if status == 405:
        assert "GET" in answer["Allow"]
        assert "GET" in answer.json()["detail"]
