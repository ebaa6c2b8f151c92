"""The interface against its own OpenAPI document: whatever is sent, no server error and no undocumented answer."""

from __future__ import annotations

import pytest
import schemathesis
from django.core import signals
from django.db import close_old_connections
from django.test import override_settings
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.web.api_world import token_of_all
from tests.web.reporting_world import row, world

from mainstay_web.api.v1 import api
from mainstay_web.preparing.actions import decide
from mainstay_web.reporting.actions import submit
from mainstay_web.wsgi import application

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture
def everything(issue, best, cast, places) -> str:
    """A token with every scope, in a platform with items, reports, a plan and a design in force, and directives."""
    decide(design=best, verdict="approved", reason="It lasts", by=cast.head)
    world(places)
    submit(organisation=places.maker, key="first", rows=[row(), row(quantity=-1)], channel="api", by=None)
    return token_of_all(places.country)


@pytest.fixture(autouse=True)
def _one_connection():
    """Keep the connection of the test from call to call, as Django's own client does."""
    ends = (signals.request_started, signals.request_finished)
    for end in ends:
        end.disconnect(close_old_connections)
    yield
    for end in ends:
        end.connect(close_old_connections)


schema = schemathesis.openapi.from_dict(api.get_openapi_schema())
schema.app = application


@schema.parametrize()
@settings(
    max_examples=20,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_call_gets_a_server_error_or_an_undocumented_answer(case, everything):
    with override_settings(API_CALLS=1_000_000):
        case.call_and_validate(
            headers={"Authorization": f"Bearer {everything}", "Accept-Encoding": "identity"}, checks=CHECKS
        )
