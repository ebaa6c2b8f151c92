"""Answers that several pages give."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mainstay_web.accounts.models import Person


def attempt(request: HttpRequest, done: str, act: Callable[..., Any], **said: Any) -> None:
    """Do it and say so, or say why not."""
    try:
        act(**said)
    except ValidationError as error:
        for message in error.messages:
            messages.error(request, message)
    else:
        messages.success(request, done)


def show_once(
    request: HttpRequest, person: Person, *, password: str | None = None, link: str = "", token: str = ""
) -> HttpResponse:
    """Show a secret, once: the browser does not keep the page."""
    secret = password or token or request.build_absolute_uri(link)
    kind = "password" if password else "token" if token else "link"
    answer = render(request, "accounts/shown_once.html", {"person": person, "secret": secret, "kind": kind})
    answer.headers["Cache-Control"] = "no-store"
    return answer
