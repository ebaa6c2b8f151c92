"""Every page wants a signed-in person; pages speak their language and tell their time."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

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


def language_and_zone(get_response: Answer) -> Answer:
    """The person's own language, unless this browser chose another, and their own time zone."""

    def answer(request: HttpRequest) -> HttpResponse:
        person = request.user
        if not person.is_authenticated:
            return get_response(request)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            translation.activate(person.language)
            request.LANGUAGE_CODE = person.language
        with timezone.override(ZoneInfo(person.time_zone) if person.time_zone else None):
            return get_response(request)

    return answer
