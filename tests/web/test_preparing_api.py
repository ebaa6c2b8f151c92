"""Preparing through the interface and its client: the same rights, the same rule of two persons."""

from __future__ import annotations

import httpx
import pytest
from tests.web.api_world import bearer, token
from tests.web.background import work_off
from tests.web.ready_world import BUDGET, ready_tiny

from mainstay_client import CallRefusedError, Client
from mainstay_web.planning.cases import import_case
from mainstay_web.preparing.models import Preparation

URL = "/api/v1"


def through(client) -> httpx.BaseTransport:
    """A transport that asks Django's test client."""

    def answer(request: httpx.Request) -> httpx.Response:
        said = client.generic(
            request.method,
            request.url.raw_path.decode(),
            request.content,
            content_type=request.headers.get("Content-Type", "application/json"),
            headers={k: v for k, v in request.headers.items() if k in ("authorization", "idempotency-key")},
        )
        return httpx.Response(said.status_code, content=said.content, headers={"Content-Type": said["Content-Type"]})

    return httpx.MockTransport(answer)


@pytest.fixture
def calls(client):
    """A client of the platform, as a person with scopes."""
    return lambda person, *scopes: Client("http://testserver", token(person, *scopes), transport=through(client))


def test_a_preparation_is_started_once_under_a_key_and_followed_to_its_designs(calls, cast, snapshot, places):
    import_case(case=ready_tiny(), organisation=places.country, by=cast.analyst)
    analyst = calls(cast.analyst, "readiness.run", "readiness.view").readiness
    said = {"organisation": "country", "title": "Reserve", "budget": BUDGET, "others": [0.0]}
    first = analyst.start(**said, key="monday")
    assert analyst.start(**said, key="monday").id == first.id
    with pytest.raises(CallRefusedError) as refused:
        analyst.start(**said | {"title": "Other"}, key="monday")
    assert refused.value.status == 409
    work_off()
    assert analyst.wait(first.id, every=0).state == "done"
    designs = analyst.designs(first.id)
    assert [each.is_asked for each in designs] == [False, True]
    assert {row["form"] for row in analyst.table(designs[1].id, "designs")} >= {"rotated"}
    assert not analyst.cancel(first.id)


def test_a_register_that_lacks_its_tables_is_refused_by_name(calls, cast, snapshot, places):
    case = ready_tiny()
    import_case(case=case.replace(options=case["options"].clear()), organisation=places.country, by=cast.analyst)
    with pytest.raises(CallRefusedError, match="options") as refused:
        calls(cast.analyst, "readiness.run").readiness.start(organisation="country", title="x", key="k")
    assert refused.value.status == 422


def test_the_rule_of_two_persons_holds_for_programs_too(calls, cast, best):
    Preparation.objects.filter(pk=best.preparation_id).update(by=cast.head)
    head = calls(cast.head, "readiness.approve", "readiness.view").readiness
    with pytest.raises(CallRefusedError) as refused:
        head.decide(best.pk, "approved", reason="mine")
    assert refused.value.status == 403
    best.refresh_from_db()
    assert best.verdict == ""


def test_a_token_without_the_scope_decides_nothing(calls, cast, best):
    with pytest.raises(CallRefusedError) as refused:
        calls(cast.head, "readiness.view").readiness.decide(best.pk, "approved", reason="yes")
    assert refused.value.status == 403


def test_the_calendar_of_the_design_in_force_is_read_and_marked(calls, cast, best):
    head = calls(cast.head, "readiness.approve", "readiness.view", "readiness.rotate").readiness
    assert list(head.calendar()) == []
    assert head.decide(best.pk, "approved", reason="It lasts").verdict == "approved"
    first = next(head.calendar(state="open"))
    assert (first.action, first.item, first.is_overdue) == ("buy", "mask", False)
    assert head.mark(first.id).done_by == "head"
    assert [each.id for each in head.calendar(state="done")] == [first.id]
    assert list(head.calendar(state="overdue")) == []
    assert head.decide(best.pk, "withdrawn", reason="over").verdict == "withdrawn"
    assert list(head.calendar()) == []


def test_another_province_is_out_of_sight(client, cast, best):
    headers = bearer(cast.east_analyst, "readiness.view")
    assert client.get(f"{URL}/designs/{best.pk}", headers=headers).status_code == 404
    assert client.get(f"{URL}/rotation", headers=headers).json()["total"] == 0
