"""The platform's clock: what time it is for the people who work on it. A story lives on days of its own.

Whatever people see or are judged by (days, deadlines, the audit) asks this clock. What guards the machine itself counts
in real time: leases of the queue, sessions and tokens, pauses between attempts to send.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta, tzinfo

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

_MOVED = ContextVar("moved", default=timedelta(0))


def now() -> datetime:
    """This moment, aware of its zone."""
    return timezone.now() + _MOVED.get()


def today(zone: tzinfo | None = None) -> date:
    """This day in a time zone; None: the one that is shown to the reader."""
    return timezone.localdate(now(), zone)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let it be that moment, and time go on from there; in a demo alone.

    Raises
    ------
    ImproperlyConfigured : the platform is no demo, where the audit must say when things really happened
    """
    if not settings.DEMO:
        raise ImproperlyConfigured("The clock of a demo alone can be moved. On a trial platform set MAINSTAY_DEMO=1.")
    token = _MOVED.set(moment - timezone.now())
    try:
        yield
    finally:
        _MOVED.reset(token)
