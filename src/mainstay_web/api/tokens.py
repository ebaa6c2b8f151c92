"""Who calls: the person of a token, within its scopes and their own rights."""

from __future__ import annotations

import time
from collections import Counter
from datetime import timedelta
from threading import Lock

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer
from ninja.throttling import BaseThrottle

from mainstay_web.accounts import rights, second_factor
from mainstay_web.accounts.actions.tokens import digest
from mainstay_web.accounts.models import Person, Token

PARTS = 20
"""Into how many parts the calls of a minute are split, of which a server process takes one at a time."""

USED_EVERY = timedelta(minutes=1)
"""How exactly it is kept when a token was last used; a write for each call would cost more than it tells."""


class Bearer(HttpBearer):
    """``Authorization: Bearer mainstay_...``."""

    def authenticate(self, request: HttpRequest, token: str) -> Token | None:
        """The token in force; its person becomes the person of the request."""
        found = Token.objects.in_force().select_related("person").filter(digest=digest(token)).first()
        if found is None:
            return None
        now = timezone.now()
        if found.used_at is None or found.used_at < now - USED_EVERY:
            Token.objects.filter(pk=found.pk).update(used_at=now)
        request.user = found.person
        return found


def allowed(request: HttpRequest, action: str) -> Person:
    """The person of the call, if the token has the scope and they may do this somewhere.

    Raises
    ------
    PermissionDenied : says which of the two is missing
    """
    person = request.user
    if action not in request.auth.scopes:
        raise PermissionDenied(f"The token lacks the scope {action}. Make one that has it.")
    if not rights.may_somewhere(person, action):
        raise PermissionDenied(f"{action} is not allowed to {person.username} anywhere.")
    if second_factor.lacks(person):
        raise PermissionDenied(f"{person.username} must set up a second factor in the platform first.")
    return person


class TokenThrottle(BaseThrottle):
    """So many calls of one token in a minute, in all server processes together.

    A process takes them from the token's row twenty times a minute at most, a twentieth each time, and counts those by
    itself: a write for each call would cost as much as receiving a report. What one process took, no other can use.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._minute = 0
        self._left: Counter[str] = Counter()

    def allow_request(self, request: HttpRequest) -> bool:
        """Count the call; refuse it when there were too many in this minute."""
        minute, token = int(time.time() // 60), request.auth.digest
        with self._lock:
            if minute != self._minute:
                self._minute, self._left = minute, Counter()
            if not self._left[token]:
                self._left[token] = _take(token, minute)
            self._left[token] -= 1
            return self._left[token] >= 0

    def wait(self) -> float:
        """Seconds until the next minute."""
        return 60 - time.time() % 60


def _take(token: str, minute: int) -> int:
    """Calls that this process may let through; 0 when those of the minute are used up."""
    part = -(-settings.API_CALLS // PARTS)
    rows = Token.objects.filter(digest=token)
    rows.filter(minute__lt=minute).update(minute=minute, calls=0)
    for number in (part, settings.API_CALLS % part):
        if number and rows.filter(calls__lte=settings.API_CALLS - number).update(calls=F("calls") + number):
            return number
    return 0
