"""Directives through the interface: what is to be done today, steps, issuing."""

from __future__ import annotations

import pytest
from tests.web.api_world import bearer

from mainstay_web.accounts.models import Role
from mainstay_web.accounts.roles import FIRST_ROLES
from mainstay_web.directives.models import Directive

URL = "/api/v1"


def take(client, who, directive, step, key="", **said):
    headers = bearer(who, "directives.own") | ({"Idempotency-Key": key} if key else {})
    path = f"{URL}/directives/{directive.pk}/steps/{step}"
    return client.post(path, said, content_type="application/json", headers=headers)


def test_a_maker_reads_what_to_do_today(client, cast, issue):
    said = client.get(f"{URL}/today", headers=bearer(cast.maker, "directives.own")).json()
    assert said["organisation"] == "maker"
    (order,) = said["directives"]
    assert (order["text"], order["today"], order["quantity"], order["state"]) == ("Make mask", 80, 240, "issued")
    assert order["days"][0] == {"date": "2020-02-01", "quantity": 80}


def test_a_maker_takes_steps_each_counted_once_under_its_key(client, cast, order):
    assert take(client, cast.maker, order, "accept").json()["steps"] == ["report", "finish", "block", "object"]
    first = take(client, cast.maker, order, "report", key="monday", done=80).json()
    again = take(client, cast.maker, order, "report", key="monday", done=80).json()
    assert (first["done"], first["history"]) == (80, again["history"])
    assert take(client, cast.maker, order, "report", key="monday", done=81).status_code == 409


def test_a_step_that_is_not_possible_is_422_with_what_is(client, cast, order):
    answer = take(client, cast.maker, order, "resume")
    assert answer.status_code == 422
    assert "Possible now: Note receipt, Accept" in answer.json()["detail"]


def test_a_block_names_its_blocker_share_and_day(client, cast, order):
    said = {"blocker": "cash", "share": 0.5, "until": "2020-02-03", "note": "The bank is shut"}
    answer = take(client, cast.maker, order, "block", **said).json()
    assert {name: answer[name] for name in ("blocker", "share", "until")} == {
        k: said[k] for k in ("blocker", "share", "until")
    }


@pytest.mark.parametrize("who", ["outsider", "hospital"])
def test_what_a_person_may_not_see_is_404(client, cast, order, who):
    assert take(client, getattr(cast, who), order, "accept").status_code == 404


def test_an_office_reads_all_and_takes_no_step_of_a_maker(client, cast, order):
    headers = bearer(cast.head, "directives.view")
    found = client.get(f"{URL}/directives?state=issued", headers=headers).json()
    assert found["total"] == 6
    assert client.get(f"{URL}/directives/{order.pk}", headers=headers).json()["steps"] == ["cancel"]
    path = f"{URL}/directives/{order.pk}/steps/accept"
    assert client.post(path, {}, content_type="application/json", headers=headers).status_code == 403


def test_an_office_issues_the_plan_in_force_and_again_changes_nothing(client, cast, in_force):
    headers = bearer(cast.analyst, "directives.issue")
    path = f"{URL}/plans/{in_force.pk}/directives"
    first = client.post(path, {"days": 3}, content_type="application/json", headers=headers)
    again = client.post(path, {"days": 3}, content_type="application/json", headers=headers)
    assert (first.status_code, first.json()["issued"], again.json()["issued"]) == (201, 6, 0)
    assert {each["code"] for each in first.json()["unaddressed"]} == {"nappyworks", "suitworks"}
    assert Directive.objects.count() == 6


def test_a_system_step_is_no_call(client, cast, order):
    assert take(client, cast.maker, order, "supersede").status_code == 422


def test_roles_of_a_platform_that_is_there_get_what_those_of_a_new_one_have(roles):
    from importlib import import_module

    from django.apps import apps

    migration = import_module("mainstay_web.directives.migrations.0002_roles")
    wanted = {first.code: set(first.actions) for first in FIRST_ROLES if first.code != "warehouse"}
    migration.take(apps, None)
    assert not any(action.startswith("directives") for role in Role.objects.all() for action in role.actions)
    migration.grant(apps, None)
    migration.grant(apps, None)
    there = Role.objects.exclude(code="warehouse")
    assert {role.code: set(role.actions) for role in there} == wanted
    assert all(len(role.actions) == len(set(role.actions)) for role in Role.objects.all())


def test_a_platform_that_is_there_gets_the_role_of_stock_keepers_and_who_gives_it(roles):
    from importlib import import_module

    from django.apps import apps

    migration = import_module("mainstay_web.directives.migrations.0004_stock_keepers")
    wanted = roles["warehouse"].actions
    roles["warehouse"].delete()
    Role.objects.filter(code="administrator").update(gives=["reporter"])
    for _time in range(2):
        migration.add(apps, None)
    assert Role.objects.get(code="warehouse").actions == wanted
    assert Role.objects.get(code="administrator").gives == ["reporter", "warehouse"]
