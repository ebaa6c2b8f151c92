"""Signing in: closed sign-up, limits, second factor, sessions, language and zone."""

from __future__ import annotations

import time

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.urls import reverse
from tests.web.conftest import PASSWORD

from mainstay_web.accounts import actions
from mainstay_web.accounts.models import Person
from mainstay_web.audit.models import AuditRow


@pytest.fixture(autouse=True)
def _no_earlier_tries(db):
    cache.clear()


def sign_in(client, name, password=PASSWORD):
    return client.post("/account/login/", {"login": name, "password": password})


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def with_second_factor(person: Person) -> str:
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    return secret


def test_the_right_password_signs_in(client, cast):
    assert sign_in(client, "reader").status_code == 302
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("path", ["/account/signup/", "/account/password/reset/"])
def test_nobody_signs_up_or_asks_for_mail(client, cast, path):
    assert "administrator" in client.get(path).content.decode()
    assert client.post(path, {"username": "stranger"}).status_code == 405
    assert not Person.objects.filter(username="stranger").exists()


def test_five_wrong_passwords_for_one_name_close_the_door_for_a_while(client, cast, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "5/2s/key"}
    for _ in range(5):
        assert "Too many" not in sign_in(client, "reader", "wrong-password").content.decode()
    refused = sign_in(client, "reader")
    assert refused.status_code == 200
    assert "Too many failed login attempts" in refused.content.decode()
    assert sign_in(client, "analyst").status_code == 302
    client.logout()
    time.sleep(2.1)
    assert sign_in(client, "reader").status_code == 302


def test_the_platform_limits_tries_by_name_and_by_address(settings):
    assert settings.ACCOUNT_RATE_LIMITS["login_failed"] == "20/m/ip,5/5m/key"


def test_too_many_tries_from_one_address_get_their_own_page(client, cast, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip"}
    answers = [sign_in(client, "reader", "wrong-password").status_code for _ in range(3)]
    assert answers == [200, 200, 429]


@pytest.mark.parametrize("password", ["short", "password1234", "123456789012"])
def test_a_weak_password_is_refused(client, cast, password):
    sign_in(client, "reader")
    said = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    assert client.post(reverse("account_change_password"), said).status_code == 200
    assert Person.objects.get(username="reader").check_password(PASSWORD)


def test_a_new_password_is_in_the_audit_and_ends_other_sessions(client, cast, client_factory):
    other = client_factory()
    sign_in(client, "reader")
    sign_in(other, "reader")
    new = "willow-kettle-93-north"
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert AuditRow.objects.filter(action="account.password", person=cast.reader).exists()
    assert client.get("/").status_code == 200
    assert other.get("/").status_code == 302


def test_a_second_factor_is_set_up_asked_for_and_recovered(client, cast, django_capture_on_commit_callbacks):
    sign_in(client, "reader")
    assert client.get(reverse("mfa_activate_totp"))["Location"].startswith(reverse("account_reauthenticate"))
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    codes = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    assert AuditRow.objects.filter(action="account.second_factor", person=cast.reader).exists()
    client.post(reverse("account_logout"))
    cache.clear()

    assert sign_in(client, "reader")["Location"] == reverse("mfa_authenticate")
    assert client.get("/").status_code == 302
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert client.get("/").status_code == 302
    client.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    ("who", "is_led"),
    [("head", True), ("administrator", True), ("auditor", True), ("analyst", False), ("maker", False)],
)
def test_who_could_do_harm_is_led_to_a_second_factor_where_it_is_required(client, cast, settings, who, is_led):
    settings.SECOND_FACTOR = "required"
    client.force_login(getattr(cast, who))
    answer = client.get("/")
    assert (answer.status_code, answer.get("Location")) == (
        (302, reverse("mfa_activate_totp")) if is_led else (200, None)
    )
    assert client.post("/language/", {"language": "en"}).status_code == 302


def test_with_a_second_factor_the_pages_open_and_it_cannot_be_turned_off(client, cast, settings):
    settings.SECOND_FACTOR = "required"
    with_second_factor(cast.head)
    client.force_login(cast.head)
    assert client.get("/").status_code == 200
    client.post(reverse("mfa_deactivate_totp"))
    assert cast.head.authenticator_set.filter(type="totp").exists()


def test_an_administrator_removes_a_lost_second_factor(client, cast):
    with_second_factor(cast.reader)
    client.force_login(cast.administrator)
    client.post(reverse("accounts:second_factor", args=[cast.reader.pk]), {"reason": "telephone lost"})
    assert not cast.reader.authenticator_set.exists()
    assert AuditRow.objects.first().detail["reason"] == "telephone lost"


def test_one_session_is_ended_and_the_other_goes_on(client, cast, client_factory):
    other = client_factory()
    sign_in(client, "reader")
    sign_in(other, "reader")
    [session] = [
        s
        for s in client.get(reverse("usersessions_list")).context["sessions"]
        if s.session_key == other.session.session_key
    ]
    client.post(reverse("end_session", args=[session.pk]))
    assert other.get("/").status_code == 302
    assert client.get("/").status_code == 200


def test_nobody_ends_the_session_of_another(client, cast, client_factory):
    other = client_factory()
    sign_in(client, "reader")
    sign_in(other, "analyst")
    [session] = other.get(reverse("usersessions_list")).context["sessions"]
    assert client.post(reverse("end_session", args=[session.pk])).status_code == 404
    assert other.get("/").status_code == 200


def test_the_language_of_the_menu_is_kept_for_the_person(client, cast, client_factory):
    client.force_login(cast.reader)
    client.post("/language/", {"language": "zh-hans", "next": "/"})
    assert Person.objects.get(username="reader").language == "zh-hans"
    elsewhere = client_factory()
    elsewhere.force_login(cast.reader)
    assert 'lang="zh-CN"' in elsewhere.get("/").content.decode()


def test_the_profile_keeps_name_language_and_zone(client, cast):
    client.force_login(cast.reader)
    client.post(reverse("profile"), {"first_name": "Reader One", "language": "zh-hans", "time_zone": "Europe/Berlin"})
    person = Person.objects.get(username="reader")
    assert (person.first_name, person.language, person.time_zone) == ("Reader One", "zh-hans", "Europe/Berlin")
    assert "Europe/Berlin" in client.get(reverse("profile")).content.decode()
    assert (
        "time_zone"
        in client.post(reverse("profile"), {"language": "en", "time_zone": "Mars/Base"}).context["form"].errors
    )


def test_a_token_is_shown_once_and_kept_as_its_hash(client, cast):
    client.force_login(cast.maker)
    said = {"name": "warehouse system", "days": 30, "scopes": ["reports.submit"]}
    text = client.post(reverse("tokens"), said).context["secret"]
    token = cast.maker.tokens.get()
    assert token.digest == actions.tokens.digest(text)
    assert text not in client.get(reverse("tokens")).content.decode()
    client.post(reverse("end_token", args=[token.pk]))
    token.refresh_from_db()
    assert not token.is_in_force


@pytest.mark.parametrize("said", [{"scopes": ["plans.approve"]}, {"scopes": []}, {"days": 5000}])
def test_a_token_beyond_the_persons_rights_or_a_year_is_refused(client, cast, said):
    client.force_login(cast.maker)
    whole = {"name": "too much", "days": 30, "scopes": ["reports.submit"]} | said
    assert client.post(reverse("tokens"), whole).status_code == 200
    assert not cast.maker.tokens.exists()
