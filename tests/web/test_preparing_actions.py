"""Actions of preparing: who may, what is written, what is refused, what the calendar holds."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests.web.background import work_off

from mainstay_web.audit.models import AuditRow
from mainstay_web.jobs import actions as jobs
from mainstay_web.preparing import actions, queries
from mainstay_web.preparing.models import Design, Preparation


def audited(action: str) -> AuditRow:
    return AuditRow.objects.filter(action=action).first()


def test_a_worker_finds_a_design_for_each_budget_with_the_one_asked_for_among_them(preparing):
    done = work_off()
    assert done.state == "done", done.reason
    designs = list(done.designs.all())
    assert designs[0].budget == 0
    assert [each.is_asked for each in designs].count(True) == 1
    assert all(each.mean >= after.mean - 1e-6 for each, after in pairwise(designs))
    assert designs[-1].results.table("designs").collect().height > 0


def test_a_case_that_brings_no_futures_is_prepared_for_those_of_the_library(ready_snapshot, cast):
    from mainstay_web.planning.cases import read_snapshot, take_snapshot_of

    case = read_snapshot(ready_snapshot.folder)
    bare = case.replace(futures=case["futures"].clear())
    kept = take_snapshot_of(bare, organisation=ready_snapshot.organisation, by=cast.analyst)
    said = {"organisation": kept.organisation, "snapshot": kept, "title": "Drawn", "by": cast.analyst}
    actions.start_preparation(**said, budget=400.0, others=[0.0], futures=16, hold_out=0.25)
    done = work_off()
    assert done.state == "done", done.reason
    assert done.summary["futures"] == 12


def test_a_case_that_says_nothing_of_what_could_stand_ready_is_refused(snapshot, cast):
    with pytest.raises(ValidationError, match="options"):
        actions.start_preparation(
            organisation=snapshot.organisation, snapshot=snapshot, title="x", budget=1.0, by=cast.analyst
        )


def test_starting_is_audited_and_cancelling_takes_it_out(preparing, cast):
    assert audited("readiness.run").detail["budget"] == 400.0
    assert jobs.cancel(work=preparing, by=cast.analyst)
    preparing.refresh_from_db()
    assert preparing.state == "cancelled"
    assert not jobs.cancel(work=preparing, by=cast.analyst)


@pytest.mark.parametrize("who", ["reader", "maker", "outsider", "east_analyst", "nobody"])
def test_who_has_no_right_starts_nothing(ready_snapshot, cast, who):
    with pytest.raises(PermissionDenied):
        actions.start_preparation(
            organisation=ready_snapshot.organisation, snapshot=ready_snapshot, title="x", by=getattr(cast, who)
        )


def test_a_design_that_is_approved_is_in_force_for_all_under_its_organisation(best, cast, places):
    assert queries.in_force(places.hospital) is None
    actions.decide(design=best, verdict="approved", reason="It lasts", by=cast.head)
    assert queries.in_force(places.hospital) == best
    assert audited("readiness.approve").detail == {"old": "", "new": "approved", "reason": "It lasts"}


def test_the_next_approval_replaces_the_design_in_force_and_both_keep_their_history(prepared, best, cast, places):
    other = prepared.designs.exclude(pk=best.pk).first()
    actions.decide(design=best, verdict="approved", reason="first", by=cast.head)
    actions.decide(design=other, verdict="approved", reason="money is short", by=cast.head)
    best.refresh_from_db()
    assert (best.verdict, queries.in_force(places.country)) == ("replaced", other)
    assert list(best.decisions.values_list("old", "new", "reason")) == [
        ("", "approved", "first"),
        ("approved", "replaced", "money is short"),
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        Design.objects.filter(pk=best.pk).update(verdict="approved")


def test_the_design_in_force_is_withdrawn_with_a_reason_and_then_none_is(best, cast, places):
    actions.decide(design=best, verdict="approved", reason="first", by=cast.head)
    with pytest.raises(ValidationError, match="withdraw"):
        actions.decide(design=best, verdict="rejected", reason="no", by=cast.head)
    actions.decide(design=best, verdict="withdrawn", reason="the store burnt down", by=cast.head)
    assert queries.in_force(places.country) is None
    assert not queries.calendar(cast.head).exists()


def test_nobody_approves_a_design_that_they_started(best, cast, settings):
    Preparation.objects.filter(pk=best.preparation_id).update(by=cast.head)
    with pytest.raises(PermissionDenied):
        actions.decide(design=best, verdict="approved", reason="mine", by=cast.head)
    assert not best.decisions.exists()
    settings.FOUR_EYES = False
    assert actions.decide(design=best, verdict="approved", reason="I am the office", by=cast.head)


@pytest.mark.parametrize("who", ["reader", "analyst", "maker", "east_analyst"])
def test_who_has_no_right_decides_nothing(best, cast, who):
    with pytest.raises(PermissionDenied):
        actions.decide(design=best, verdict="rejected", reason="no", by=getattr(cast, who))


@pytest.mark.parametrize(("verdict", "reason"), [("approved", " "), ("withdrawn", "why"), ("replaced", "why")])
def test_what_makes_no_sense_is_not_decided(best, cast, verdict, reason):
    with pytest.raises(ValidationError):
        actions.decide(design=best, verdict=verdict, reason=reason, by=cast.head)


@pytest.fixture
def rotating(best, cast):
    """The design, in force; masks are rotated in the east."""
    actions.decide(design=best, verdict="approved", reason="It lasts", by=cast.head)
    best.refresh_from_db()
    return best


def test_the_calendar_begins_today_and_nothing_of_it_expires(rotating, cast):
    tasks = queries.calendar(cast.reader)
    first = tasks.first()
    assert (first.date, first.action, first.item, first.place) == (timezone.localdate(), "buy", "mask", "east")
    assert {task.action for task in tasks} == {"buy", "issue"}
    assert all(task.due == task.date + timedelta(days=29) for task in tasks if task.action == "issue")
    bought = sum(task.quantity for task in tasks if task.action == "buy")
    issued = sum(task.quantity for task in tasks if task.action == "issue")
    held = rotating.results.table("rotation_plan").collect()["held"].sum()
    assert issued == pytest.approx(2.0 * 365 * actions.YEARS)
    assert bought == pytest.approx(issued + held)


def test_a_task_is_overdue_the_day_after_it_was_due_until_it_is_done(rotating, cast):
    task = queries.calendar(cast.reader).first()
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert not task.is_overdue()
    assert task.is_overdue(tomorrow)
    assert queries.calendar(cast.reader).filter(queries.overdue(tomorrow)).get() == task
    done = actions.mark(task=task, is_done=True, by=cast.analyst)
    assert (done.done_by, done.is_overdue(tomorrow)) == (cast.analyst, False)
    assert audited("readiness.rotate").detail["what"] == "buy"
    with pytest.raises(ValidationError, match="already"):
        actions.mark(task=task, is_done=True, by=cast.analyst)
    assert actions.mark(task=task, is_done=False, by=cast.head).done_at is None


def test_who_only_reads_marks_nothing(rotating, cast):
    with pytest.raises(PermissionDenied):
        actions.mark(task=queries.calendar(cast.reader).first(), is_done=True, by=cast.reader)


def test_nothing_is_marked_of_a_design_that_is_not_in_force_any_more(rotating, cast):
    task = queries.calendar(cast.reader).first()
    actions.decide(design=rotating, verdict="withdrawn", reason="over", by=cast.head)
    with pytest.raises(ValidationError, match="in force"):
        actions.mark(task=task, is_done=True, by=cast.analyst)


def test_a_design_that_is_approved_again_has_a_new_calendar_and_keeps_what_was_done(rotating, cast):
    task = actions.mark(task=queries.calendar(cast.reader).first(), is_done=True, by=cast.analyst)
    number = rotating.rotation_tasks.count()
    actions.decide(design=rotating, verdict="withdrawn", reason="for a day", by=cast.head)
    actions.decide(design=rotating, verdict="approved", reason="back", by=cast.head)
    assert rotating.rotation_tasks.count() == number
    assert rotating.rotation_tasks.get(done_at__isnull=False) == task
