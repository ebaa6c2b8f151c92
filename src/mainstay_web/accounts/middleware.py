"""Every page wants a signed-in person; pages speak their language and tell their time."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from mainstay_web.accounts import second_factor
from mainstay_web.middleware import Answer

OPEN = ("/account/", "/language/", "/static/", "/api/", "/healthz", "/readyz", "/metrics")
"""Addresses that answer without a session; the interface asks for its own token."""


def sign_in_required(get_response: Answer) -> Answer:
    """Send who is not signed in to the page for it."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated or request.path.startswith(OPEN):
            return get_response(request)
        return redirect_to_login(request.get_full_path())

    return answer


WITHOUT_SECOND_FACTOR = (
    "/account/2fa/",
    "/account/login/",
    "/account/logout/",
    "/account/reauthenticate/",
    "/language/",
    "/static/",
    "/api/",
    "/healthz",
    "/readyz",
)
"""Addresses open to one who must still set up a second factor; the interface asks for itself."""


def second_factor_required(get_response: Answer) -> Answer:
    """Send who must have a second factor and has none to the page that sets it up."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(WITHOUT_SECOND_FACTOR) or not second_factor.lacks(request.user):
            return get_response(request)
        if request.method == "GET":
            messages.warning(request, _("Your role asks for a second factor. Set it up here, then go on."))
        return redirect("mfa_activate_totp")

    return answer


def language_and_zone(get_response: Answer) -> Answer:
    """The person's own language and time zone; who is not signed in has what this browser chose."""

    def answer(request: HttpRequest) -> HttpResponse:
        person = request.user
        if not person.is_authenticated:
            return get_response(request)
        request.LANGUAGE_CODE = person.language
        zone = ZoneInfo(person.time_zone) if person.time_zone else None
        with translation.override(person.language), timezone.override(zone):
            return get_response(request)

    return answer
