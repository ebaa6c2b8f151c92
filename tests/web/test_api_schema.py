"""The interface against its own OpenAPI document: whatever is sent, no server error and no undocumented answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core import signals
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from ninja import Schema
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.web.api_world import token_of_all
from tests.web.good_calls import CALLS, Call

from mainstay_web.api.v1 import api
from mainstay_web.wsgi import application

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 12
"""Of each operation."""

schema = schemathesis.openapi.from_dict(api.get_openapi_schema())
schema.app = application
OPERATIONS = {
    (operation.method.lower(), operation.path.removeprefix("/api/v1")): operation
    for operation in (result.ok() for result in schema.get_all_operations())
}


@pytest.fixture
def headers(things, places, settings) -> dict[str, str]:
    """Of a token with every scope, of a person with every right."""
    settings.API_CALLS = 1_000_000
    return {"Authorization": f"Bearer {token_of_all(places.country)}", "Accept-Encoding": "identity"}


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """Keep the connection of the test from call to call, as Django's own client does."""
    ends = (signals.request_started, signals.request_finished)
    for end in ends:
        end.disconnect(close_old_connections)
    yield
    for end in ends:
        end.connect(close_old_connections)


def judged(case: Any, headers: dict[str, str]) -> tuple[int, str]:
    """What it is answered, and what is wrong with that; it is taken back, so that each finds things as they were."""
    before = transaction.savepoint()
    answer = case.call(headers=headers)
    transaction.savepoint_rollback(before)
    try:
        case.validate_response(answer, checks=CHECKS)
    except FailureGroup as found:
        return answer.status_code, "\n".join(map(str, found.exceptions))
    return answer.status_code, ""


def test_no_two_shapes_have_one_name() -> None:
    """Else one would stand in the document for the other."""
    shapes, named = [Schema], set()
    while shapes:
        shape = shapes.pop()
        shapes += shape.__subclasses__()
        if shape.__module__.startswith("mainstay_web"):
            named.add((shape.__name__, shape.__module__))
    assert [name for name, times in Counter(name for name, _module in named).items() if times > 1] == []


def test_every_operation_has_its_good_call() -> None:
    assert sorted(OPERATIONS) == sorted(call.operation for call in CALLS)


def test_every_operation_does_what_it_says_and_answers_as_documented(things, headers) -> None:
    wrong = []
    for call in CALLS:
        if call.form is not None:  # files are sent in ``test_api_access``
            continue
        case = OPERATIONS[call.operation].Case(
            path_parameters=call.place(things),
            query=dict(call.query),
            body=call.said(things),
            media_type="application/json",
        )
        code, why = judged(case, headers | {"Idempotency-Key": "once"})
        if why or code >= 300:
            wrong.append(f"{call.operation}: {code} {why}")
    assert "\n".join(wrong) == ""


def test_no_call_gets_a_server_error_or_an_undocumented_answer(things, headers) -> None:
    """Calls at random, most of them with things and values that exist."""
    for call in CALLS:
        _try_at_random(call, things, headers)


def _try_at_random(call: Call, things: dict[str, int], headers: dict[str, str]) -> None:
    body = call.said(things) or {}
    good = {**body, **call.query}

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        case=OPERATIONS[call.operation].as_strategy(),
        is_there=st.integers(0, 3),
        kept=st.sets(st.sampled_from(sorted(good))) if good else st.just(set()),
    )
    def each(case: Any, is_there: int, kept: set[str]) -> None:
        if is_there:
            case.path_parameters = call.place(things)
        if isinstance(case.body, dict):
            case.body |= {name: value for name, value in body.items() if name in kept}
        case.query = {**(case.query or {}), **{name: value for name, value in call.query.items() if name in kept}}
        _code, why = judged(case, headers)
        assert why == "", f"{call.operation}: {why}"

    each()
