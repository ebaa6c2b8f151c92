"""Reminders, escalation, and outlets against servers on this machine."""

from __future__ import annotations

import hashlib
import hmac
import json
import socketserver
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from types import SimpleNamespace

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone, translation

from mainstay_web.accounts.models import Person
from mainstay_web.directives import sending
from mainstay_web.directives.actions import add_outlet, end_outlet, step
from mainstay_web.directives.actions.outlets import subject_of
from mainstay_web.directives.models import Directive, Notice, Outlet, Rule
from mainstay_web.directives.reminders import remind
from mainstay_web.jobs.chores import CHORES, Chore, do_chores
from mainstay_web.jobs.models import ChoreTurn


@pytest.fixture
def hook() -> Iterator[SimpleNamespace]:
    """A server that keeps what it is told and answers with the codes it is given."""
    seen = SimpleNamespace(calls=[], codes=[], url="")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            seen.calls.append((dict(self.headers), body))
            self.send_response(seen.codes.pop(0) if seen.codes else 204)
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    seen.url = f"http://127.0.0.1:{server.server_port}/hook"
    yield seen
    server.shutdown()
    thread.join()
    server.server_close()


class Letters(socketserver.StreamRequestHandler):
    """As much of SMTP as it takes to receive a letter (RFC 5321)."""

    def handle(self) -> None:
        self.say("220 ready")
        while line := self.rfile.readline().decode().strip().upper():
            if line == "DATA":
                self.say("354 go on")
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.letters.append(b"".join(lines).decode())
            if line == "QUIT":
                return self.say("221 bye")
            self.say("250 well")
        return None

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@pytest.fixture
def post(settings) -> Iterator[socketserver.TCPServer]:
    """A server of e-mail on this machine, to which the platform sends."""
    with socketserver.TCPServer(("127.0.0.1", 0), Letters) as server:
        server.letters = []
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.EMAIL_USE_TLS = False
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def silent(directive: Directive, hours: float) -> None:
    Directive.objects.filter(pk=directive.pk).update(since=timezone.now() - timedelta(hours=hours))


def only(state: str, act: str, hours: float = 4) -> None:
    rule = Rule.objects.get(state=state, act=act)
    Rule.objects.exclude(pk=rule.pk).delete()
    Rule.objects.filter(pk=rule.pk).update(hours=hours)


def test_a_silent_addressee_is_reminded_after_the_hours_of_the_rule_and_again(order):
    only("issued", "remind")
    silent(order, 3.9)
    assert remind() == 0
    silent(order, 4.1)
    assert (remind(), remind()) == (1, 0)
    Directive.objects.filter(pk=order.pk).update(reminded_at=timezone.now() - timedelta(hours=4.1))
    assert remind() == 1
    assert list(order.changes.filter(step="remind").values_list("given__to", flat=True)) == ["maker", "maker"]


def test_an_escalation_goes_one_level_higher_each_time_up_to_the_office(order):
    only("issued", "escalate")
    told = []
    for hours in (4.1, 7.9, 8.1, 99):
        silent(order, hours)
        remind()
        told.append(list(order.changes.filter(step="escalate").values_list("given__to", flat=True)))
    assert told == [["east"], ["east"], ["east", "country"], ["east", "country"]]


def test_a_word_of_the_addressee_ends_the_counting(order, cast):
    only("issued", "escalate")
    silent(order, 5)
    remind()
    step(directive=order, name="accept", by=cast.maker)
    order.refresh_from_db()
    assert (order.level, remind()) == (0, 0)


def test_what_is_overdue_is_reminded_of_by_its_own_rule(order):
    only("late", "remind", 2)
    Directive.objects.filter(pk=order.pk).update(due_at=timezone.now() - timedelta(hours=3))
    assert remind() == 1


def test_new_directives_are_mailed_to_the_addressee_in_its_language(in_force, cast, places):
    from mainstay_web.directives.actions import issue_directives

    add_outlet(
        organisation=places.maker, channel="email", address="desk@maker.example", by=cast.maker, language="zh-hans"
    )
    issue_directives(run=in_force, by=cast.analyst)
    assert sending.send_notices() == 1
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == (["desk@maker.example"], "Mainstay: 1 项新指令")
    assert "生产口罩" in letter.body


def test_a_notice_is_sent_in_the_language_of_its_outlet_and_read_in_that_of_the_reader(client, order, cast, places):
    add_outlet(organisation=places.country, channel="email", address="head@office.example", by=cast.head)
    step(directive=order, name="block", by=cast.maker, blocker="cash", share=0.0, note="No money")
    assert Notice.objects.get().subject == "Mainstay: Blocked: Make mask"
    client.force_login(cast.head)
    page = reverse("directives:outlets", args=["country"])
    assert "Mainstay: Blocked: Make mask" in client.get(page).content.decode()
    Person.objects.filter(pk=cast.head.pk).update(language="zh-hans")
    read = client.get(page).content.decode()
    assert "Mainstay: Blocked" not in read
    with translation.override("zh-hans"):
        assert subject_of("block", [order.words]) in read


def test_a_letter_arrives_at_a_server_of_email(order, cast, places, post):
    add_outlet(organisation=places.country, channel="email", address="head@office.example", by=cast.head)
    step(directive=order, name="object", by=cast.maker, note="Too much")
    assert sending.send_notices() == 1, Notice.objects.get().error
    (letter,) = post.letters
    assert "Subject: Mainstay: Objection: Make mask" in letter
    assert "To: head@office.example" in letter


def test_a_server_of_email_that_is_gone_is_tried_again_later(order, cast, places, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", 1, False
    add_outlet(organisation=places.country, channel="email", address="head@office.example", by=cast.head)
    step(directive=order, name="object", by=cast.maker, note="Too much")
    assert sending.send_notices() == 0
    assert (Notice.objects.get().state, Notice.objects.get().attempts) == ("waiting", 1)


def test_a_signature_is_as_the_page_about_webhooks_says():
    wanted = hmac.new(b"secret", b"1580515200." + b"{}", hashlib.sha256).hexdigest()
    assert sending.signature("secret", "1580515200", b"{}") == f"sha256={wanted}"


def test_a_webhook_is_signed_and_told_once(order, cast, places, hook):
    outlet = add_outlet(organisation=places.country, channel="webhook", address=hook.url, by=cast.head)
    step(directive=order, name="block", by=cast.maker, blocker="staff", share=0.0, note="All are ill")
    assert (sending.send_notices(), sending.send_notices()) == (1, 0)
    ((headers, body),) = hook.calls
    said = json.loads(body)
    assert (said["event"], said["note"], said["directives"][0]["state"]) == ("block", "All are ill", "blocked")
    assert headers["Mainstay-Signature"] == sending.signature(outlet.secret, headers["Mainstay-Timestamp"], body)
    assert headers["Idempotency-Key"] == f"notice-{said['notice']}"


def test_a_webhook_that_fails_is_told_again_ever_later_and_given_up_in_the_end(order, cast, places, hook):
    add_outlet(organisation=places.country, channel="webhook", address=hook.url, by=cast.head)
    step(directive=order, name="object", by=cast.maker, note="Too much")
    hook.codes = [500] * 30
    pauses = []
    for _attempt in range(sending.MOST_ATTEMPTS):
        Notice.objects.update(next_at=timezone.now())
        assert sending.send_notices() == 0
        notice = Notice.objects.get()
        pauses.append(round((notice.next_at - timezone.now()) / timedelta(minutes=1)))
    assert pauses[:5] == [1, 2, 4, 8, 16]
    assert (notice.state, notice.attempts) == ("given_up", 10)
    assert "500" in notice.error


def test_a_redirect_is_not_followed(order, cast, places, hook):
    add_outlet(organisation=places.country, channel="webhook", address=hook.url, by=cast.head)
    step(directive=order, name="object", by=cast.maker, note="Too much")
    hook.codes = [302]
    assert sending.send_notices() == 0
    assert len(hook.calls) == 1


def test_a_host_that_is_not_allowed_any_more_is_not_called(order, cast, places, hook, settings):
    add_outlet(organisation=places.country, channel="webhook", address=hook.url, by=cast.head)
    step(directive=order, name="object", by=cast.maker, note="Too much")
    settings.WEBHOOK_HOSTS = []
    assert sending.send_notices() == 0
    assert hook.calls == []
    assert "may not call 127.0.0.1" in Notice.objects.get().error


def test_an_ended_outlet_is_told_nothing_more(order, cast, places):
    outlet = add_outlet(organisation=places.country, channel="email", address="a@office.example", by=cast.head)
    step(directive=order, name="object", by=cast.maker, note="Too much")
    end_outlet(outlet=outlet, by=cast.head)
    assert sending.send_notices() == 0
    assert not mail.outbox
    assert Outlet.objects.filter(is_active=True).count() == 0


def test_a_chore_has_its_turn_once_and_a_failing_one_stops_no_other(db, monkeypatch):
    done = []

    def fail() -> int:
        raise RuntimeError("broken")

    chores = {"bad": Chore(timedelta(hours=1), fail), "good": Chore(timedelta(hours=1), lambda: done.append(1) or 1)}
    monkeypatch.setattr("mainstay_web.jobs.chores.CHORES", chores)
    do_chores()
    do_chores()
    assert done == [1]
    ChoreTurn.objects.update(next_at=timezone.now())
    do_chores()
    assert done == [1, 1]


def test_workers_remind_and_send():
    assert {"remind", "send_notices"} <= set(CHORES)
