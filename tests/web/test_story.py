"""A story of ten days: what comes of it, that every step is somebody's own act, and what it refuses."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from tests.web import ten_days

from mainstay import read
from mainstay.errors import UsageError
from mainstay_web import clock
from mainstay_web.accounts import actions as accounts
from mainstay_web.audit.chain import verify
from mainstay_web.audit.models import AuditRow
from mainstay_web.directives.models import Directive, DirectiveChange, State
from mainstay_web.operations import demo
from mainstay_web.planning.models import Decision, Run
from mainstay_web.planning.words import names_of
from mainstay_web.stories.cast import FAILING, Cast
from mainstay_web.stories.outcome import Outcome
from mainstay_web.stories.play import Play
from mainstay_web.stories.story import Calendar, Story
from mainstay_web.stories.telling import Teller
from mainstay_web.supervision.models import Mention

STORY = Story(horizon=f"{ten_days.DAYS}x1")
QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="module")
def played(django_db_setup, django_db_blocker, tmp_path_factory):
    """The story, lived through once for all tests here, and rolled back at the end."""
    case = read(ten_days.write(tmp_path_factory.mktemp("case")))
    data = tmp_path_factory.mktemp("data")
    block = transaction.atomic()
    block._from_testcase = True  # reports are durable: they ask whether they stand in a transaction of a test
    with django_db_blocker.unblock(), override_settings(DATA=data, PASSWORD_HASHERS=QUICK), block:
        accounts.make_first_roles()
        calendar = Calendar.until_now(STORY.days)
        with clock.at(calendar.moment(1, 6)):
            cast = Cast.gather(demo.fill(case).organisation, case, STORY.maker)
        play = Play(STORY, cast, calendar, title=case.title, language="en")
        days = list(play.days())
        yield SimpleNamespace(play=play, days=days, cast=cast, outcome=Outcome(play.lives))
        transaction.set_rollback(True)


def steps(directive):
    return list(directive.changes.values_list("step", flat=True))


def test_each_day_is_lived_on_its_own_date(played):
    assert [lived.number for lived in played.days] == list(range(1, 11))
    yesterday = timezone.localdate(timezone=timezone.get_default_timezone()) - timedelta(1)
    assert played.days[-1].day == yesterday
    acts = DirectiveChange.objects.exclude(step__in=("issue", "supersede"))
    assert {timezone.localdate(at) for at in acts.values_list("at", flat=True)} == {each.day for each in played.days}


def test_every_plan_was_approved_by_someone_else_than_who_started_it(played):
    assert Run.objects.filter(state=Run.State.DONE).count() == 2
    assert {(d.run.by.username, d.by.username) for d in Decision.objects.all()} == {("demo-analyst", "demo-head")}


def test_every_step_is_the_act_of_a_person_and_in_the_audit(played):
    own = DirectiveChange.objects.filter(step__in=("accept", "report", "finish", "block"))
    assert not own.filter(by=None).exists()
    said, audited = (
        Counter(rows)
        for rows in (
            own.values_list("step", flat=True),
            (
                action.removeprefix("directives.")
                for action in AuditRow.objects.filter(person__isnull=False).values_list("action", flat=True)
                if action.startswith("directives.")
            ),
        )
    )
    assert said == Counter({step: audited[step] for step in said})
    assert verify() is None


def test_the_failing_maker_names_its_blocker_on_day_four_and_is_answered(played):
    day = played.days[3]
    assert [each.addressee for each in day.blocked] == [played.cast.failing]
    changes = day.blocked[0].changes
    assert steps(day.blocked[0]) == ["issue", "accept", "block", "help", "supersede"]
    assert changes.get(step="block").by.username == FAILING
    assert (day.agenda.counts["blocked"], day.agenda.counts["unanswered"]) == (1, 1)
    assert [each.item for each in day.agenda.held] == ["mask"]


def test_the_new_plan_takes_its_place_without_losing_what_was_said(played):
    blocked = Directive.objects.get(pk=played.days[3].blocked[0].pk)
    assert blocked.state == State.SUPERSEDED
    assert blocked.changes.get(step="block").given["blocker"] == STORY.blocker
    new = blocked.replaced_by
    assert new.issue.run == played.play.plans[1]
    assert new.quantity < blocked.quantity


def test_orders_are_ended_with_what_truly_came_of_them(played):
    odd = {played.play.truth is None, *played.cast.odd_ones(STORY.seed)}
    for directive in Directive.objects.filter(state=State.DONE).exclude(addressee__in=odd - {None, False}):
        assert directive.done == pytest.approx(played.play.truth.done(directive, directive.ends))


def test_who_is_always_late_and_who_claims_too_much_is_warned_with_the_facts(played):
    late, boasts = played.cast.odd_ones(STORY.seed)
    warned = {
        each.organisation_id: {fact["code"] for fact in each.facts} for each in Mention.objects.filter(kind="warning")
    }
    assert "on_time" in warned[late]
    assert "honest" in warned[boasts]


def test_planning_anew_saves_part_of_what_the_failure_costs(played):
    loss = {name: played.outcome.loss(name) for name in played.outcome.lives}
    assert loss["undisturbed"] < loss["anew"] < loss["kept"]


def test_the_days_are_told_in_both_languages(played):
    for language, words in (("en", ("fails (Equipment)", "Planned anew")), ("zh", ("受阻", "重新编制方案"))):
        teller = Teller(language)
        told = "\n".join(line for lived in played.days for line in teller.day(lived))
        assert all(word in told for word in words)
        names = names_of(played.play.plans[-1].results)
        end = "\n".join(teller.end(played.outcome, names, STORY.days))
        assert f" {Directive.objects.count()} " in end


def test_a_story_that_is_not_written_is_refused():
    with pytest.raises(UsageError, match="11 days is not written"):
        Story(days=11)
    with pytest.raises(UsageError, match="12x1"):
        Story(horizon="7x1 2x7")
    with pytest.raises(UsageError, match="not in order"):
        Story(fails_on=5, back_on=5)


def test_the_clock_moves_in_a_demo_alone(settings):
    day = timezone.now() - timedelta(days=9)
    with clock.at(day):
        assert abs(clock.now() - day) < timedelta(minutes=1)
    assert abs(clock.now() - timezone.now()) < timedelta(minutes=1)
    settings.DEMO = False
    with pytest.raises(ImproperlyConfigured, match="demo alone"), clock.at(day):
        pass


def test_a_story_wants_an_empty_platform(places):
    with pytest.raises(CommandError, match="filled already"):
        call_command("story", no_serve=True)
