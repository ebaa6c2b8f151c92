"""People, their roles, and that nobody climbs by giving roles."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from mainstay_web.accounts import actions, rights
from mainstay_web.accounts.models import Membership, Person, Role
from mainstay_web.audit.models import AuditRow

NEW = {"username": "li.wei", "first_name": "Li Wei", "language": "zh-hans"}


def test_a_person_is_added_with_a_link_that_sets_the_password_once(client, cast, places, roles):
    client.force_login(cast.administrator)
    answer = client.post(reverse("accounts:add_person", args=[places.maker.pk]), NEW | {"role": roles["reporter"].pk})
    link = answer.context["secret"]
    assert "no-store" in answer["Cache-Control"]
    client.logout()

    page = client.get(link, follow=True)
    said = {"password1": "willow-kettle-93-north", "password2": "willow-kettle-93-north"}
    client.post(page.request["PATH_INFO"], said)

    person = Person.objects.get(username="li.wei")
    assert person.check_password("willow-kettle-93-north")
    assert rights.may(person, "reports.submit", places.maker)
    client.logout()
    assert b"password1" not in client.get(link, follow=True).content


def test_a_generated_password_is_shown_once_and_signs_in(client, cast, places, roles):
    client.force_login(cast.administrator)
    said = NEW | {"role": roles["reporter"].pk, "with_password": "1"}
    password = client.post(reverse("accounts:add_person", args=[places.maker.pk]), said).context["secret"]
    client.logout()
    assert client.post("/account/login/", {"login": "li.wei", "password": password}).status_code == 302
    assert password not in str(list(AuditRow.objects.values_list("detail", flat=True)))


@pytest.mark.parametrize("name", ["READER", "a b"])
def test_a_name_that_exists_or_cannot_be_is_refused(client, cast, places, roles, name):
    client.force_login(cast.administrator)
    said = NEW | {"username": name, "role": roles["reporter"].pk}
    answer = client.post(reverse("accounts:add_person", args=[places.maker.pk]), said)
    assert "username" in answer.context["form"].errors


def test_a_role_is_given_and_taken_and_both_are_in_the_audit(client, cast, places, roles):
    client.force_login(cast.administrator)
    there = reverse("accounts:give", args=[cast.maker.pk])
    client.post(there, {"organisation": "hospital", "role": roles["reporter"].pk})
    given = cast.maker.memberships.get(organisation=places.hospital)
    client.post(reverse("accounts:take", args=[cast.maker.pk, given.pk]))
    assert not cast.maker.memberships.filter(organisation=places.hospital).exists()
    assert [row.detail for row in AuditRow.objects.all()[:2]] == [{"took": "reporter"}, {"gave": "reporter"}]


def test_nobody_gives_a_role_beyond_their_organisation(cast, places, roles):
    actions.give_role(person=cast.nobody, role=roles["administrator"], organisation=places.east, by=None)
    actions.give_role(person=cast.maker, role=roles["reader"], organisation=places.east, by=cast.nobody)
    for above in (places.country, places.west):
        with pytest.raises(PermissionDenied):
            actions.give_role(person=cast.nobody, role=roles["administrator"], organisation=above, by=cast.nobody)


def test_a_role_that_edits_people_gives_only_the_roles_it_names(cast, places, roles):
    helper = Role.objects.create(code="desk", name="Desk", actions=["people.edit"], gives=["reporter"])
    actions.give_role(person=cast.nobody, role=helper, organisation=places.east, by=None)
    actions.give_role(person=cast.maker, role=roles["reporter"], organisation=places.east, by=cast.nobody)
    for beyond in ("head", "administrator", "analyst"):
        with pytest.raises(PermissionDenied):
            actions.give_role(person=cast.nobody, role=roles[beyond], organisation=places.east, by=cast.nobody)


def test_nobody_opens_a_way_into_an_account_that_may_more_than_they(cast, places, roles):
    """A person of the province who also has a role in the country is not the province's to take over."""
    actions.give_role(person=cast.nobody, role=roles["administrator"], organisation=places.east, by=None)
    actions.give_role(person=cast.head, role=roles["reader"], organisation=places.east, by=None)
    for act in (actions.close_person, actions.remove_second_factor, actions.open_person):
        with pytest.raises(PermissionDenied):
            act(person=cast.head, by=cast.nobody, reason="")
    with pytest.raises(PermissionDenied):
        actions.link_to_set_password(person=cast.head, by=cast.nobody)
    assert actions.link_to_set_password(person=cast.maker, by=cast.nobody).startswith("/account/password/reset/key/")


def test_the_last_administrator_stays(cast, roles):
    last = cast.administrator.memberships.get()
    key = last.pk
    with pytest.raises(ValidationError, match="no administrator"):
        actions.take_role(membership=last, by=cast.administrator)
    with pytest.raises(ValidationError, match="no administrator"):
        actions.close_person(person=cast.administrator, by=cast.administrator, reason="")
    with pytest.raises(ValidationError, match="no administrator"):
        actions.change_role(role=roles["administrator"], actions=["audit.view"], by=cast.administrator)
    assert Membership.objects.filter(pk=key).exists()
    assert Person.objects.get(pk=cast.administrator.pk).is_active


def test_a_second_administrator_may_take_the_role_of_the_first(cast, places, roles):
    actions.give_role(person=cast.reader, role=roles["administrator"], organisation=places.country, by=None)
    actions.take_role(membership=cast.administrator.memberships.get(), by=cast.reader)
    assert not Person.objects.get(pk=cast.administrator.pk).memberships.exists()


def test_closing_an_account_ends_its_sessions_and_tokens_at_once(client, cast):
    client.post("/account/login/", {"login": "reader", "password": "correct-horse-battery"})
    token, _text = actions.make_token(name="script", scopes=["plans.view"], days=9, by=cast.reader)
    assert client.get("/").status_code == 200

    actions.close_person(person=cast.reader, by=cast.administrator, reason="left")

    assert client.get("/").status_code == 302
    token.refresh_from_db()
    assert token.ended_at is not None
    assert AuditRow.objects.first().detail["ended"] == {"sessions": 1, "tokens": 1}
    assert client.post("/account/login/", {"login": "reader", "password": "correct-horse-battery"}).status_code != 200


def test_roles_are_data_that_the_administrator_at_the_top_changes(client, cast, places):
    client.force_login(cast.administrator)
    role = Role.objects.get(code="reader")
    said = {"name": "Reader", "name_zh": "查阅者", "actions": ["registry.view"], "gives": []}
    client.post(reverse("accounts:role", args=[role.pk]), said)
    reader = Person.objects.get(pk=cast.reader.pk)
    assert rights.may(reader, "registry.view", places.maker)
    assert not rights.may(reader, "plans.view", places.maker)
    assert AuditRow.objects.first().detail["new"] == {"actions": ["registry.view"]}

    client.post(reverse("accounts:add_role"), said | {"code": "driver", "name": "Driver"})
    assert Role.objects.get(code="driver").actions == ["registry.view"]


def test_the_matrix_shows_every_role_and_action(client, cast):
    client.force_login(cast.reader)
    answer = client.get(reverse("accounts:roles"))
    assert len(answer.context["rows"]) == len(rights.ACTIONS)
    assert len(answer.context["roles"]) == Role.objects.count()


def test_people_without_a_role_are_seen_by_administrators_at_the_top_alone(client, cast):
    for who, status in ((cast.administrator, 200), (cast.analyst, 404)):
        client.force_login(who)
        assert client.get(reverse("accounts:person", args=[cast.nobody.pk])).status_code == status


def test_the_list_of_people_names_only_the_roles_one_may_see(client, cast, places, roles):
    actions.give_role(person=cast.maker, role=roles["reader"], organisation=places.west, by=None)
    client.force_login(cast.east_analyst)
    text = client.get(reverse("accounts:people") + "?q=maker_rep").content.decode()
    assert "maker_reporter" in text
    assert "West" not in text
