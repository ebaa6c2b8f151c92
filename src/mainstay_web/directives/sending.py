"""Sending notices: e-mail and signed webhooks, tried again ever later until they are taken or given up."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import timedelta
from smtplib import SMTPException

import httpx
from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.utils import timezone

from mainstay_web.directives.models import Notice, Outlet

MOST_ATTEMPTS = 10
FIRST_PAUSE = timedelta(minutes=1)
"""Pause after the first failure; it doubles with each, up to half a day: ten attempts take about a day and a half."""
LONGEST_PAUSE = timedelta(hours=12)
LEASE = timedelta(minutes=2)
"""How long a notice is ours while we send it; a worker that is lost meanwhile leaves it to the next."""
PATIENCE = 10.0
"""Seconds until a webhook must have answered."""
AT_ONCE = 50
"""Notices sent in one go, so that a long queue does not keep the worker from its other work."""


def send_notices() -> int:
    """Send what is due; gives how many were taken by their outlets."""
    due = Notice.objects.filter(state=Notice.State.WAITING, next_at__lte=timezone.now())
    pks = list(due.order_by("next_at").values_list("pk", flat=True)[:AT_ONCE])
    return sum(_send(pk) for pk in pks)


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """The signature of a webhook's body: HMAC-SHA-256 over the time, a dot and the body.

    >>> signature("secret", "1580515200", b"{}")[:23]
    'sha256=3a1a5a472be06d77'
    """
    return "sha256=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _send(pk: int) -> bool:
    """Take one notice, if nobody has it, and send it."""
    now = timezone.now()
    mine = Notice.objects.filter(pk=pk, state=Notice.State.WAITING, next_at__lte=now)
    if not mine.update(next_at=now + LEASE, attempts=F("attempts") + 1):
        return False
    notice = Notice.objects.select_related("outlet").get(pk=pk)
    try:
        CHANNELS[notice.outlet.channel](notice)
    except (OSError, SMTPException, httpx.HTTPError, httpx.InvalidURL) as error:
        _failed(notice, str(error) or type(error).__name__)
        return False
    Notice.objects.filter(pk=pk).update(state=Notice.State.SENT, sent_at=timezone.now(), error="")
    return True


def _mail(notice: Notice) -> None:
    EmailMessage(
        notice.subject,
        notice.text,
        to=[notice.outlet.address],
        headers={"Message-ID": f"<notice-{notice.pk}@mainstay>"},
    ).send()


def _call(notice: Notice) -> None:
    """Any answer from 200 to 299 takes the notice; a redirect is not followed."""
    body = json.dumps(notice.body(), ensure_ascii=False).encode()
    timestamp = str(int(timezone.now().timestamp()))
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": f"notice-{notice.pk}",
        "Mainstay-Timestamp": timestamp,
        "Mainstay-Signature": signature(notice.outlet.secret, timestamp, body),
    }
    host = httpx.URL(notice.outlet.address).host
    if host not in settings.WEBHOOK_HOSTS:
        raise httpx.UnsupportedProtocol(f"The platform may not call {host} any more.")
    httpx.post(notice.outlet.address, content=body, headers=headers, timeout=PATIENCE).raise_for_status()


CHANNELS = {Outlet.Channel.EMAIL: _mail, Outlet.Channel.WEBHOOK: _call}


def _failed(notice: Notice, why: str) -> None:
    rows = Notice.objects.filter(pk=notice.pk, state=Notice.State.WAITING)
    if notice.attempts >= MOST_ATTEMPTS:
        rows.update(state=Notice.State.GIVEN_UP, error=why[:500])
    else:
        pause = min(FIRST_PAUSE * 2 ** (notice.attempts - 1), LONGEST_PAUSE)
        rows.update(next_at=timezone.now() + pause, error=why[:500])
