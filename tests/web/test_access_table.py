"""What each role of a new platform may do, and where: the whole table."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps

from mainstay_web.accounts import actions, rights
from mainstay_web.accounts.models import Person, Role
from mainstay_web.accounts.roles import FIRST_ROLES

TABLE = """
action               administrator  head  analyst  reader  auditor  reporter  warehouse  licensing  customs  finance
organisations.view   yes            yes   yes      yes     yes      -         -          yes        yes      yes
organisations.edit   yes            -     -        -       -        -         -          -          -        -
people.edit          yes            -     -        -       -        -         -          -          -        -
registry.view        yes            yes   yes      yes     yes      yes       yes        yes        yes      yes
registry.edit        -              -     yes      -       -        -         -          -          -        -
registry.import      -              -     yes      -       -        -         -          -          -        -
registry.export      -              yes   yes      -       -        -         -          -          -        -
registry.merge       -              -     yes      -       -        -         -          -          -        -
ledger.view          -              yes   yes      yes     yes      yes       yes        -          -        -
ledger.post          -              -     yes      -       -        yes       yes        -          -        -
ledger.count         -              -     yes      -       -        yes       yes        -          -        -
ledger.recall        -              yes   yes      -       -        -         -          -          -        -
reports.view         -              yes   yes      yes     yes      yes       -          -          -        -
reports.submit       -              -     yes      -       -        yes       -          -          -        -
reports.review       -              yes   yes      -       -        -         -          -          -        -
questionnaires.edit  yes            -     yes      -       -        -         -          -          -        -
plans.view           -              yes   yes      yes     yes      -         -          -          -        -
plans.own            -              -     -        -       -        yes       yes        -          -        -
plans.run            -              yes   yes      -       -        -         -          -          -        -
plans.approve        -              yes   -        -       -        -         -          -          -        -
readiness.view       -              yes   yes      yes     yes      -         -          -          -        -
readiness.run        -              yes   yes      -       -        -         -          -          -        -
readiness.approve    -              yes   -        -       -        -         -          -          -        -
readiness.rotate     -              yes   yes      -       -        -         -          -          -        -
replays.view         -              yes   yes      yes     yes      -         -          -          -        -
replays.run          -              yes   yes      -       -        -         -          -          -        -
replays.decide       -              yes   yes      -       -        -         -          -          -        -
directives.view      -              yes   yes      yes     yes      -         -          -          -        -
directives.issue     -              yes   yes      -       -        -         -          -          -        -
directives.answer    -              yes   yes      -       -        -         -          -          -        -
directives.own       -              -     -        -       -        yes       yes        -          -        -
supervision.view     -              yes   yes      yes     yes      -         -          -          -        -
supervision.judge    -              yes   -        -       -        -         -          -          -        -
supervision.own      -              -     -        -       -        yes       yes        -          -        -
licensing.view       -              yes   yes      yes     yes      yes       -          yes        -        -
licensing.apply      -              -     -        -       -        yes       -          -          -        -
licensing.review     -              -     -        -       -        -         -          yes        -        -
licensing.decide     -              yes   -        -       -        -         -          yes        -        -
customs.view         -              yes   yes      yes     yes      yes       -          -          yes      -
customs.declare      -              -     -        -       -        yes       -          -          yes      -
customs.clear        -              -     -        -       -        -         -          -          yes      -
support.view         -              yes   yes      yes     yes      yes       -          -          -        yes
support.request      -              -     -        -       -        yes       -          -          -        -
support.assess       -              -     -        -       -        -         -          -          -        yes
support.grant        -              yes   -        -       -        -         -          -          -        yes
audit.view           yes            yes   -        -       yes      -         -          -          -        -
"""

HEAD, *ROWS = (line.split() for line in TABLE.strip().splitlines())
ALLOWED = {(role, row[0]): cell == "yes" for row in ROWS for role, cell in zip(HEAD[1:], row[1:], strict=True)}
WHERE = {"own": "east", "below": "maker", "beside": "west", "above": "country"}


def test_the_table_names_every_role_and_every_action():
    assert HEAD[1:] == [role.code for role in FIRST_ROLES]
    assert [row[0] for row in ROWS] == list(rights.ACTIONS)


@pytest.mark.parametrize("place", WHERE)
@pytest.mark.parametrize("role", HEAD[1:])
def test_a_role_allows_its_actions_in_its_organisation_and_below_alone(places, role, place):
    actions.make_first_roles()
    person = actions.add_person(
        username="somebody", password=None, organisation=places.east, role=Role.objects.get(code=role), by=None
    )
    there = getattr(places, WHERE[place])

    may = {action: rights.may(person, action, there) for action in rights.ACTIONS}

    assert may == {action: ALLOWED[role, action] and place in ("own", "below") for action in rights.ACTIONS}
    assert may == {action: there in rights.organisations(person, action) for action in rights.ACTIONS}


def test_who_has_no_role_may_do_nothing_anywhere(cast, places):
    assert not any(rights.may(cast.nobody, action, places.maker) for action in rights.ACTIONS)


def test_a_closed_account_and_a_role_in_a_closed_organisation_allow_nothing(cast, places):
    actions.close_person(person=cast.reader, by=cast.administrator, reason="left")
    actions.close_organisation(organisation=places.maker, by=cast.administrator, reason="gone")

    for name in ("reader", "maker_reporter"):
        person = Person.objects.get(username=name)
        assert not any(rights.may_somewhere(person, action) for action in rights.ACTIONS)


@pytest.mark.parametrize(
    ("app", "migration", "role"), [("ledger", "0003_rights", "reporter"), ("preparing", "0002_rights", "analyst")]
)
def test_roles_of_a_platform_in_use_get_the_rights_of_a_new_app_once(roles, app, migration, role):
    module = import_module(f"mainstay_web.{app}.migrations.{migration}")
    found = roles[role]
    before = list(found.actions)
    found.actions = ["reports.view"]
    found.save()
    for _ in range(2):
        module.give(apps, None)
    found.refresh_from_db()
    assert found.actions == ["reports.view", *(action for action in before if action.startswith(module.PREFIX))]
    module.take(apps, None)
    found.refresh_from_db()
    assert found.actions == ["reports.view"]
