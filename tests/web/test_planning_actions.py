"""Actions of planning: who may, what is written, what is refused."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

import mainstay as ms
from mainstay_web.accounts.models import Organisation
from mainstay_web.audit.models import AuditRow
from mainstay_web.planning import actions, queries
from mainstay_web.planning.cases import make_organisations, read_snapshot, take_snapshot_of
from mainstay_web.planning.models import Run, Snapshot

CHANGE = {"table": "lines", "key": {"line": "L1"}, "column": "quantity", "factor": 2}


def audited(action: str) -> AuditRow:
    return AuditRow.objects.filter(action=action).first()


def test_the_same_case_is_kept_once(snapshot, cast) -> None:
    case = ms.read(ms.examples.path("tiny"))
    assert take_snapshot_of(case, organisation=snapshot.organisation, by=cast.analyst) == snapshot
    assert Snapshot.objects.count() == 1
    assert read_snapshot(snapshot.folder).hash == case.hash


def test_a_case_with_errors_is_kept_as_it_is(snapshot, cast) -> None:
    case = ms.read(ms.examples.path("tiny"))
    broken = case.replace(lanes=case["lanes"].with_columns(origin=None))
    kept = take_snapshot_of(broken, organisation=snapshot.organisation, by=cast.analyst)
    assert read_snapshot(kept.folder).hash == broken.hash


def test_starting_a_run_is_audited(queued, cast) -> None:
    row = audited("plans.run")
    assert (row.person, row.subject, row.detail["title"]) == (cast.analyst, f"planning.run:{queued.pk}", "Tiny")


@pytest.mark.parametrize("who", ["reader", "maker", "outsider", "east_analyst", "nobody"])
def test_who_has_no_right_starts_no_run(cast, snapshot, who) -> None:
    with pytest.raises(PermissionDenied):
        actions.start_run(
            organisation=snapshot.organisation,
            snapshot=snapshot,
            title="x",
            horizon="5x1",
            needs="base",
            by=getattr(cast, who),
        )


def test_a_plan_that_is_approved_is_in_force_for_all_under_its_organisation(done, cast, places) -> None:
    assert queries.approved(places.hospital) is None
    actions.decide(run=done, verdict="approved", reason="It holds", by=cast.head)
    assert queries.approved(places.hospital) == done
    assert audited("plans.approve").detail == {"old": "", "new": "approved", "reason": "It holds"}


def test_the_newest_approval_is_in_force(done, cast, places, snapshot) -> None:
    said = {"snapshot": snapshot, "title": "Noon", "horizon": "5x1", "needs": "base"}
    later = actions.start_run(organisation=snapshot.organisation, by=cast.analyst, **said)
    Run.objects.filter(pk=later.pk).update(state="done", folder=done.folder, is_sound=True)
    actions.decide(run=later, verdict="approved", reason="first", by=cast.head)
    actions.decide(run=done, verdict="approved", reason="better after all", by=cast.head)
    assert queries.approved(places.hospital) == done
    actions.decide(run=done, verdict="rejected", reason="a line stands still", by=cast.head)
    assert queries.approved(places.hospital) == later
    actions.decide(run=later, verdict="rejected", reason="that one too", by=cast.head)
    assert queries.approved(places.hospital) is None


def test_nobody_approves_their_own_run(done, cast) -> None:
    Run.objects.filter(pk=done.pk).update(by=cast.head)
    with pytest.raises(PermissionDenied):
        actions.decide(run=done, verdict="approved", reason="mine", by=cast.head)
    assert not done.decisions.exists()


def test_where_four_eyes_are_not_wanted_one_may(done, cast, settings) -> None:
    settings.FOUR_EYES = False
    Run.objects.filter(pk=done.pk).update(by=cast.head)
    assert actions.decide(run=done, verdict="approved", reason="mine", by=cast.head)


def test_a_plan_that_fails_its_check_is_never_approved(done, cast) -> None:
    Run.objects.filter(pk=done.pk).update(is_sound=False)
    with pytest.raises(ValidationError, match="cannot be approved"):
        actions.decide(run=done, verdict="approved", reason="anyway", by=cast.head)
    with pytest.raises(IntegrityError), transaction.atomic():
        Run.objects.filter(pk=done.pk).update(verdict="approved")


@pytest.mark.parametrize("who", ["reader", "analyst", "maker", "east_analyst"])
def test_who_has_no_right_decides_nothing(done, cast, who) -> None:
    with pytest.raises(PermissionDenied):
        actions.decide(run=done, verdict="rejected", reason="no", by=getattr(cast, who))


def test_a_run_that_is_not_done_is_not_decided_on(queued, cast) -> None:
    with pytest.raises(ValidationError):
        actions.decide(run=queued, verdict="rejected", reason="no", by=cast.head)


def test_an_approved_plan_may_be_rejected_later_with_a_reason(done, cast, places) -> None:
    actions.decide(run=done, verdict="approved", reason="yes", by=cast.head)
    actions.decide(run=done, verdict="rejected", reason="a report was wrong", by=cast.head)
    assert list(done.decisions.values_list("old", "new")) == [("", "approved"), ("approved", "rejected")]
    assert queries.approved(places.maker) is None


def test_a_scenario_that_was_planned_stays_and_changes_make_a_new_version(done, cast) -> None:
    first = actions.add_scenario(base=done, name="doubled", changes=[CHANGE], by=cast.analyst)
    assert actions.change_scenario(scenario=first, changes=[CHANGE, CHANGE], by=cast.analyst) == first
    actions.run_scenario(scenario=first, by=cast.analyst)
    second = actions.change_scenario(scenario=first, changes=[], by=cast.analyst)
    first.refresh_from_db()
    assert (second.version, len(first.changes), second.changes) == (2, 2, [])


def test_organisations_are_made_of_places_and_enterprises_once(cast, places) -> None:
    case = ms.read(ms.examples.path("tiny"))
    make_organisations(case, places.country)
    made = Organisation.objects.get(enterprise="maskworks")
    assert (made.parent, made.kind, made.name_zh) == (places.east, "enterprise", "口罩厂")
    count = Organisation.objects.count()
    make_organisations(case, places.country)
    assert Organisation.objects.count() == count
