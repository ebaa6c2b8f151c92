"""Writes of tokens: keys of people to the interface."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mainstay_web.accounts.models import Person, Token
from mainstay_web.accounts.rights import ACTIONS, may_somewhere
from mainstay_web.audit.chain import record

PREFIX = "mainstay_"
"""How each token begins, so that a scanner of leaked secrets knows it."""
LONGEST = 366
"""Days."""


@transaction.atomic
def make_token(*, name: str, scopes: list[str], days: int, by: Person) -> tuple[Token, str]:
    """Make a token and the text to keep: the text is nowhere else, and is not shown again.

    Raises
    ------
    PermissionDenied : a scope that the person may do nowhere
    ValidationError : no scope, or too long a life
    """
    denied = [scope for scope in scopes if scope not in ACTIONS or not may_somewhere(by, scope)]
    if denied:
        raise PermissionDenied(", ".join(denied))
    if not scopes:
        raise ValidationError(_("Choose at least one thing that the token may do."))
    if not 1 <= days <= LONGEST:
        raise ValidationError(_("A token lives 1 to %(most)s days.") % {"most": LONGEST})
    text = PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        person=by,
        name=name,
        digest=digest(text),
        hint=text[len(PREFIX) :][:4],
        scopes=sorted(scopes),
        expires_at=timezone.now() + timedelta(days=days),
    )
    record(by=by, action="account.token", subject=token, made=name, scopes=token.scopes, days=days)
    return token, text


@transaction.atomic
def end_token(*, token: Token, by: Person) -> None:
    """End one's own token at once."""
    ended = Token.objects.filter(pk=token.pk, person=by, ended_at__isnull=True).update(ended_at=timezone.now())
    if ended:
        record(by=by, action="account.token", subject=token, ended=token.name)


def digest(text: str) -> str:
    """SHA-256 of a token's text: enough, for the text is 256 random bits."""
    return hashlib.sha256(text.encode()).hexdigest()
