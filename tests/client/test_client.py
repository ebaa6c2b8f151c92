"""The client: objects from answers, errors that say what to do, tries again only where that is safe."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import httpx
import pytest

from mainstay.errors import MainstayError, UsageError
from mainstay_client import CallRefusedError, Client, UnreachableError
from mainstay_client.push import CHUNK, push

RECEIVED = {
    "id": 7,
    "organisation": "maker",
    "key": "k",
    "received_at": "2020-02-01T08:00:00+00:00",
    "rows": 1,
    "accepted": 1,
    "unchanged": 0,
    "refused": 0,
    "findings": [],
}
ROW = {"item": "mask", "measure": "output", "basis": "day", "date": date(2020, 2, 1), "quantity": 5}


class Platform:
    """Gives prepared answers in turn, the last one again and again, and keeps what was asked."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers, self.asked, self.pauses = list(answers), [], []
        self.client = Client(
            "http://platform.test", "mainstay_t", transport=httpx.MockTransport(self.answer), sleep=self.pauses.append
        )

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        said = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(said, Exception):
            raise said
        return said


def problem(status: int, findings: list[dict[str, Any]] | None = None) -> httpx.Response:
    said = {"status": status, "title": "", "detail": "Every row was refused.", "findings": findings or []}
    return httpx.Response(status, json=said)


WORK = {
    "id": 3,
    "organisation": "country",
    "title": "Daily",
    "at": "2020-02-01T08:00:00+00:00",
    "stage": "",
    "share": 0.0,
    "reason": "",
    "summary": {},
}


def plan_answer(state: str) -> httpx.Response:
    run = {"horizon": "5x1", "needs": "base", "is_sound": None, "verdict": ""}
    return httpx.Response(201, json=WORK | run | {"state": state})


def job_answer(state: str, status: int = 200) -> httpx.Response:
    return httpx.Response(status, json=WORK | {"kind": "import", "findings": [], "state": state})


def test_reports_are_sent_with_token_and_key_and_come_back_as_an_object():
    platform = Platform(httpx.Response(201, json=RECEIVED))
    submission = platform.client.submit_reports([ROW], key="k")
    [request] = platform.asked
    assert request.headers["Authorization"] == "Bearer mainstay_t"
    assert request.headers["Idempotency-Key"] == "k"
    assert b'"date":"2020-02-01"' in request.content
    assert submission.received_at == datetime.fromisoformat("2020-02-01T08:00:00+00:00")
    assert submission.is_new


@pytest.mark.parametrize(
    "trouble", [httpx.ConnectError("refused"), httpx.ReadTimeout("slow"), httpx.Response(503), httpx.Response(429)]
)
def test_after_trouble_the_same_key_is_sent_again(trouble):
    platform = Platform(trouble, httpx.Response(200, json=RECEIVED))
    assert not platform.client.submit_reports([ROW], key="k").is_new
    assert [request.headers["Idempotency-Key"] for request in platform.asked] == ["k", "k"]


def test_pauses_double_and_the_platforms_own_wish_goes_first():
    platform = Platform(httpx.Response(429, headers={"Retry-After": "7"}), httpx.Response(500))
    with pytest.raises(UnreachableError, match="answered 500"):
        platform.client.submit_reports([ROW], key="k")
    assert len(platform.asked) == 5
    assert platform.pauses[0] == 7
    assert platform.pauses[1] < platform.pauses[3]


def test_a_plan_is_asked_for_again_under_the_same_key():
    platform = Platform(httpx.ReadTimeout("slow"), plan_answer("queued"))
    assert platform.client.start_plan(organisation="country", title="Daily").state == "queued"
    first, again = (request.headers["Idempotency-Key"] for request in platform.asked)
    assert first == again


def test_a_case_is_sent_as_a_file_and_followed_to_its_end(tmp_path):
    file = tmp_path / "case.zip"
    file.write_bytes(b"PK")
    platform = Platform(job_answer("queued", status=202), job_answer("running"), job_answer("done"))
    job = platform.client.import_case(file, organisation="country", key="monday")
    assert platform.client.wait_for_job(job.id).has_ended
    sent = platform.asked[0]
    assert (sent.url.path, sent.headers["Idempotency-Key"]) == ("/api/v1/case", "monday")
    assert b'filename="case.zip"' in sent.content


def test_a_refusal_is_not_tried_again_and_carries_its_findings():
    platform = Platform(problem(422, [{"row": 1, "column": "quantity", "message": "-1 is below 0."}]))
    with pytest.raises(CallRefusedError) as raised:
        platform.client.submit_reports([ROW], key="k")
    assert (raised.value.status, raised.value.findings[0].row) == (422, 1)
    assert isinstance(raised.value, MainstayError)
    assert len(platform.asked) == 1


def test_an_answer_of_something_else_is_named_so():
    with pytest.raises(CallRefusedError, match="Is this the address of the platform"):
        Platform(httpx.Response(404, text="<h1>Not here</h1>")).client.plan(1)


@pytest.mark.parametrize(("url", "token"), [("platform.test", "t"), ("http://platform.test", " ")])
def test_a_wrong_address_or_an_empty_token_is_said_at_once(url, token):
    with pytest.raises(UsageError):
        Client(url, token)


def test_all_pages_are_read():
    report = {"organisation": "maker", "measure": "output", "basis": "day", "date": "2020-02-01", "quantity": 1.0}
    kept = {"unit": "", "blocker": "", "version": 1, "received_at": "2020-02-01T08:00:00+00:00", "submission": 1}
    rows = [{**report, **kept, "item": str(n)} for n in range(1500)]
    platform = Platform(
        httpx.Response(200, json={"total": 1500, "rows": rows[:1000]}),
        httpx.Response(200, json={"total": 1500, "rows": rows[1000:]}),
    )
    assert len(list(platform.client.reports(item="mask"))) == 1500
    assert [request.url.params["offset"] for request in platform.asked] == ["0", "1000"]


def run(state: str) -> httpx.Response:
    said = {
        "id": 3,
        "organisation": "country",
        "title": "Daily",
        "at": "2020-02-01T08:00:00+00:00",
        "horizon": "5x1",
        "needs": "base",
        "state": state,
        "stage": "vital",
        "share": 0.5,
        "is_sound": None,
        "verdict": "",
        "reason": "",
        "summary": {},
    }
    return httpx.Response(200, json=said)


def test_waiting_ends_when_the_run_ends_and_not_before():
    platform = Platform(run("queued"), run("running"), run("done"))
    assert platform.client.wait(3).state == "done"
    assert platform.pauses == [2.0, 2.0]
    with pytest.raises(UnreachableError, match="had not ended"):
        Platform(run("running")).client.wait(3, timeout=0)


def test_a_long_file_goes_in_pieces_with_keys_of_their_content():
    platform = Platform(httpx.Response(201, json=RECEIVED | {"rows": CHUNK, "accepted": CHUNK}))
    rows = [ROW | {"quantity": n} for n in range(CHUNK + 1)]
    for _ in range(2):
        push(platform.client, rows, numbers=range(2, len(rows) + 2))
    keys = [request.headers["Idempotency-Key"] for request in platform.asked]
    assert keys[:2] == keys[2:]
    assert keys[0] != keys[1]


def test_findings_name_the_rows_of_the_file():
    platform = Platform(problem(422, [{"row": 1, "column": "item", "message": "Unknown."}]))
    pushed = push(platform.client, [ROW], numbers=[17])
    assert (pushed.refused, pushed.findings[0].row) == (1, 17)


def test_a_refused_sender_stops_the_push():
    with pytest.raises(CallRefusedError):
        push(Platform(problem(403)).client, [ROW], numbers=[2])


DIRECTIVE = {
    "id": 5,
    "addressee": "maker",
    "plan": 3,
    "kind": "make",
    "text": "Make mask",
    "text_zh": "生产口罩",
    "why": "",
    "why_zh": "",
    "item": "mask",
    "unit": "piece",
    "quantity": 240.0,
    "today": 80.0,
    "days": [{"date": "2020-02-01", "quantity": 240.0}],
    "due_at": "2020-02-01T23:59:59+08:00",
    "state": "accepted",
    "since": "2020-02-01T08:00:00+08:00",
    "done": 0.0,
    "blocker": "",
    "share": None,
    "until": None,
    "is_vital": True,
    "is_late": False,
    "level": 0,
    "replaced_by": None,
}


def test_today_gives_directives_as_objects() -> None:
    platform = Platform(httpx.Response(200, json={"organisation": "maker", "directives": [DIRECTIVE]}))
    (order,) = platform.client.today("maker")
    assert (order.text, order.due_at.day, order.until, order.history) == ("Make mask", 1, None, [])


def test_a_step_is_tried_again_under_one_key() -> None:
    step = {"step": "report", "old": "accepted", "new": "under_way", "at": "2020-02-01T09:00:00+08:00"}
    history = [{**step, "person": "maker", "note": "", "given": {"done": 80}}]
    whole = DIRECTIVE | {"until": "2020-02-03", "steps": ["report"], "history": history}
    platform = Platform(httpx.ConnectError("gone"), httpx.Response(200, json=whole))
    order = platform.client.step(5, "report", done=80)
    assert (order.until, order.history[0].given) == (date(2020, 2, 3), {"done": 80})
    assert len({request.headers["Idempotency-Key"] for request in platform.asked}) == 1
    assert platform.asked[1].url.path == "/api/v1/directives/5/steps/report"


def test_issuing_directives_says_what_changed() -> None:
    said = {"plan": 3, "first": "2020-02-01", "days": 3, "issued": 6, "unchanged": 0, "kept": 0, "superseded": 0}
    platform = Platform(httpx.Response(201, json=said | {"unaddressed": []}))
    issue = platform.client.issue_directives(3)
    assert (issue.issued, issue.first) == (6, date(2020, 2, 1))


MATTER = {
    "id": 4,
    "service": "customs",
    "organisation": "maker",
    "state": "declared",
    "at": "2020-02-01T08:00:00+00:00",
}


def test_a_step_is_sent_once_with_what_is_said_and_answered_with_the_matter():
    platform = Platform(httpx.Response(200, json=MATTER | {"possible": ["clear"]}))

    found = platform.client.take_step("customs", 4, "hold", note="wet", on=date(2020, 2, 1), reason="quality")

    assert (found.state, found.possible, found.at) == ("declared", ["clear"], datetime.fromisoformat(MATTER["at"]))
    (asked,) = platform.asked
    assert asked.url.path == "/api/v1/services/customs/4/steps/hold"
    assert json.loads(asked.content) == {"note": "wet", "given": {"on": "2020-02-01", "reason": "quality"}}


def test_what_is_sent_to_a_desk_is_tried_again_under_one_key(tmp_path):
    file = tmp_path / "label.pdf"
    file.write_bytes(b"%PDF-")
    for call in (
        lambda client: client.open_matter("support", organisation="maker", kind="loan"),
        lambda client: client.take_step("support", 1, "grant"),
        lambda client: client.send_document("licences", 1, "label", file),
    ):
        platform = Platform(httpx.ConnectError("gone"), httpx.Response(200, json=MATTER))
        assert call(platform.client).id == MATTER["id"]
        assert len({request.headers["Idempotency-Key"] for request in platform.asked}) == 1


def test_matters_are_read_by_page():
    platform = Platform(httpx.Response(200, json={"total": 1, "rows": [MATTER]}))
    assert [each.id for each in platform.client.matters("customs", state="declared")] == [4]
    assert platform.asked[0].url.params["state"] == "declared"
