"""Directives from an approved plan: who gets which, and what the next plan takes back."""

from __future__ import annotations

import shutil
from datetime import date, timedelta

import polars as pl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from mainstay_web.audit.models import AuditRow
from mainstay_web.directives.actions import issue_directives, step
from mainstay_web.directives.models import Directive, Issue, State
from mainstay_web.directives.orders import orders
from mainstay_web.planning import actions as planning
from mainstay_web.planning.models import Run
from mainstay_web.planning.results import Results

FIRST = date(2020, 2, 1)


def said(directive: Directive) -> list[float]:
    return [each["quantity"] for each in directive.days]


def by_key(issue: Issue) -> dict[str, Directive]:
    return {each.key: each for each in issue.directives.select_related("addressee")}


@pytest.fixture
def next_plan(in_force, cast, settings):
    """Makes a plan in force whose production is changed by a function of its table."""

    def make(change=lambda frame: frame, table: str = "production") -> Run:
        run = planning.start_run(
            organisation=in_force.organisation,
            snapshot=in_force.snapshot,
            title="Next",
            horizon="5x1",
            needs="base",
            by=cast.analyst,
        )
        folder = f"runs/next-{run.pk}"
        shutil.copytree(in_force.results.folder, settings.DATA / folder)
        file = settings.DATA / folder / "tables" / f"{table}.parquet"
        change(pl.read_parquet(file)).write_parquet(file)
        Run.objects.filter(pk=run.pk).update(state="done", folder=folder, is_sound=True)
        planning.decide(run=run, verdict="approved", reason="newer", by=cast.head)
        run.refresh_from_db()
        return run

    return make


def halved(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(quantity=pl.col("quantity") / 2, started=pl.col("started") / 2)


def test_each_addressee_of_the_plan_gets_its_orders_of_the_first_days(issue, places):
    found = by_key(issue)
    assert {key: each.addressee.code for key, each in found.items()} == {
        "make:mask": "maker",
        "release:suit": "east",
        "ship:mask@west/road": "east",
        "ship:suit@west/road": "east",
        "arrive:mask@east/road": "hospital",
        "arrive:suit@east/road": "hospital",
    }
    assert said(found["make:mask"]) == [80, 80, 80]
    assert said(found["ship:mask@west/road"]) == [44, 24, 40]
    assert said(found["arrive:mask@east/road"]) == [44, 24]
    assert (found["make:mask"].starts, found["make:mask"].ends) == (date(2020, 2, 1), date(2020, 2, 3))


def test_a_line_for_whom_no_organisation_stands_is_told_and_not_lost(issue):
    assert {each["code"] for each in issue.unaddressed} == {"nappyworks", "suitworks"}
    assert "Protective suit".lower() in " ".join(each["text"] for each in issue.unaddressed)


def test_a_directive_says_what_why_and_from_which_plan_in_both_languages(issue, in_force):
    masks = by_key(issue)["arrive:mask@east/road"]
    assert (masks.text, masks.text_zh) == ("Take in mask from East by road", "接收东区公路运来的口罩")
    assert "200 pieces of mask are needed in West; the plan meets 84%" in masks.why
    assert masks.why_zh.startswith("至2月5日，西区需要口罩200件，本方案满足84%。")
    assert masks.issue.run == in_force
    assert masks.is_vital


def test_what_a_part_is_made_for_is_said_by_what_it_goes_into(in_force):
    found = {each.key: each for each in orders(in_force.results, FIRST, 3) if each.enterprise == "suitworks"}
    assert found["make:suit_unsterile"].why.en.startswith("It goes into protective suit. Until 5 Feb, 50 sets")
    assert found["make:suit"].days == {FIRST + timedelta(n): 10 for n in range(3)}


def test_a_conversion_is_told_by_its_lines_and_when_it_takes_effect(in_force):
    (found,) = (each for each in orders(in_force.results, FIRST, 3) if each.kind == "convert")
    assert (found.text.en, found.days, found.subjects) == (
        "Convert lines: Nappy works, nappy to mask",
        {FIRST: 1},
        ["L2"],
    )
    assert found.why.en == "So that it takes effect on 4 Feb."


def test_a_period_of_several_days_is_spread_evenly_over_them(in_force, tmp_path):
    folder = tmp_path / "results"
    shutil.copytree(in_force.results.folder, folder)
    file = folder / "tables" / "production.parquet"
    rows = pl.read_parquet(file).filter(pl.col("enterprise") == "maskworks").head(1)
    rows.with_columns(days=pl.lit(4, pl.Int64)).write_parquet(file)
    (masks,) = (each for each in orders(Results(folder), FIRST, 3) if each.key == "make:mask")
    assert masks.days == {FIRST + timedelta(n): 20 for n in range(3)}


def test_the_first_day_of_a_plan_of_days_long_past_is_today(order):
    assert order.issue.today == date(2020, 2, 1)
    assert order.today == 80
    assert timezone.localdate(order.due_at) == timezone.localdate() + timedelta(2)
    assert not order.is_late


def test_issuing_is_audited_with_its_counts(issue, cast):
    row = AuditRow.objects.filter(action="directives.issue").first()
    assert row.person == cast.analyst
    assert row.detail["issued"] == 6
    assert row.detail["unaddressed"] == len(issue.unaddressed)


@pytest.mark.parametrize("who", ["reader", "maker", "east_analyst", "nobody"])
def test_who_has_no_right_issues_nothing(in_force, cast, who):
    with pytest.raises(PermissionDenied):
        issue_directives(run=in_force, by=getattr(cast, who))
    assert not Issue.objects.exists()


def test_only_the_plan_in_force_is_turned_into_directives(done, cast):
    with pytest.raises(ValidationError, match="plan in force"):
        issue_directives(run=done, by=cast.analyst)


@pytest.mark.parametrize("days", [0, 15])
def test_the_number_of_days_has_bounds(in_force, cast, days):
    with pytest.raises(ValidationError, match="from 1 to 14"):
        issue_directives(run=in_force, by=cast.analyst, days=days)


def test_the_same_plan_again_changes_nothing(issue, in_force, cast):
    again = issue_directives(run=in_force, by=cast.analyst, days=3)
    assert again.counts == {"issued": 0, "unchanged": 6, "kept": 0, "superseded": 0}


def test_more_days_of_the_same_plan_add_only_those(issue, in_force, cast):
    again = issue_directives(run=in_force, by=cast.analyst, days=5)
    masks = by_key(again)["make:mask"]
    assert (again.counts["superseded"], said(masks), masks.starts) == (0, [80, 80], date(2020, 2, 4))


def test_a_changed_line_is_superseded_by_the_new_one_with_a_link(order, next_plan, cast):
    step(directive=order, name="accept", by=cast.maker)
    second = issue_directives(run=next_plan(halved), by=cast.analyst)
    order.refresh_from_db()
    new = by_key(second)["make:mask"]
    assert (order.state, order.replaced_by, said(new)) == (State.SUPERSEDED, new, [40, 40, 40])
    assert second.counts == {"issued": 1, "unchanged": 5, "kept": 0, "superseded": 1}
    assert list(order.changes.values_list("step", flat=True)) == ["issue", "accept", "supersede"]
    assert order.changes.last().given == {"plan": second.run_id, "new": new.pk}


def test_what_the_next_plan_drops_is_superseded_by_nothing(order, next_plan, cast):
    second = issue_directives(run=next_plan(lambda frame: frame.filter(pl.col("item") != "mask")), by=cast.analyst)
    order.refresh_from_db()
    assert (order.state, order.replaced_by, second.counts["issued"]) == (State.SUPERSEDED, None, 0)


@pytest.mark.parametrize(("name", "state"), [("report", State.UNDER_WAY), ("finish", State.DONE)])
def test_what_is_under_way_or_done_stays_and_covers_its_days(order, next_plan, cast, name, state):
    step(directive=order, name="accept", by=cast.maker)
    step(directive=order, name=name, by=cast.maker, done=240)
    second = issue_directives(run=next_plan(halved), by=cast.analyst, days=5)
    order.refresh_from_db()
    assert (order.state, said(by_key(second)["make:mask"])) == (state, [40, 40])
    assert second.counts["kept"] == 1


def test_days_that_are_over_are_not_ordered_by_the_next_plan(issue, next_plan, cast):
    Issue.objects.filter(pk=issue.pk).update(shift=issue.shift - 1)
    second = issue_directives(run=next_plan(halved), by=cast.analyst)
    assert second.first == date(2020, 2, 2)
    assert [each["date"] for each in by_key(second)["make:mask"].days] == ["2020-02-02", "2020-02-03", "2020-02-04"]
