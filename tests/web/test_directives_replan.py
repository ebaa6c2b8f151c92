"""When what is blocked matters, and the case that a new plan takes."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

import mainstay as ms
from mainstay.report.texts import Text
from mainstay_web.accounts import actions as accounts
from mainstay_web.accounts.models import Person
from mainstay_web.directives.actions import issue_directives, start_replan, step
from mainstay_web.directives.models import Directive, Issue
from mainstay_web.directives.replan import changes_of, held_up, troubled
from mainstay_web.jobs import queue
from mainstay_web.planning import work
from mainstay_web.planning.actions import add_scenario, decide, run_scenario
from mainstay_web.planning.models import Run
from mainstay_web.planning.scenarios import apply_scenario
from mainstay_web.planning.work import case_of

LAST = date(2020, 2, 5)


@pytest.fixture
def tiny():
    return ms.read(ms.examples.path("tiny"))


def block(directive, by, share=0.0, until=None):
    step(directive=directive, name="block", by=by, blocker="material", share=share, until=until, note="No cloth")
    directive.refresh_from_db()


def availability(directive, case, last=LAST):
    return apply_scenario(case, changes_of([directive], case, last)[0])["availability"]


def test_what_is_held_up_is_the_rest_that_cannot_be_done(order, cast, places):
    assert held_up(places.country) == []
    step(directive=order, name="accept", by=cast.maker)
    step(directive=order, name="report", by=cast.maker, done=80)
    block(order, cast.maker, share=0.25)
    (held,) = held_up(places.country)
    assert (held.item, held.quantity, held.planned) == ("mask", 160 * 0.75, 240)
    assert held.share == 0.5


def test_a_little_that_is_not_vital_does_not_matter(order, cast, places):
    block(order, cast.maker, share=0.9)
    Directive.objects.update(is_vital=False)
    assert [each.matters for each in held_up(places.country)] == [False]
    Directive.objects.filter(pk=order.pk).update(share=0.5)
    assert [each.matters for each in held_up(places.country)] == [True]


def test_a_blocked_line_can_be_used_as_far_as_was_reported(order, cast, tiny):
    block(order, cast.maker, share=0.25, until=date(2020, 2, 4))
    rows = availability(order, tiny).select("subject", "from", "to", "share", "blocker").rows()
    assert rows == [("L1", date(2020, 2, 1), date(2020, 2, 3), 0.25, "material")]


def test_a_block_without_an_end_lasts_to_the_end_of_the_plan(order, cast, tiny):
    block(order, cast.maker)
    assert availability(order, tiny)["to"].to_list() == [LAST]


def test_a_block_comes_on_top_of_what_the_line_could_not_do_before(order, cast, tiny):
    block(order, cast.maker, share=0.5)
    before = pl.DataFrame(
        {
            "subject_kind": ["line", "line"],
            "subject": ["L1", "*"],
            "from": [date(2020, 2, 2), None],
            "to": [date(2020, 2, 3), None],
            "share": [0.8, 0.6],
        },
        schema_overrides={"from": pl.Date, "to": pl.Date},
    )
    missing = set(tiny["availability"].columns) - set(before.columns)
    rows = before.with_columns(pl.lit(None).cast(tiny["availability"].schema[c]).alias(c) for c in sorted(missing))
    case = tiny.replace(availability=rows.select(tiny["availability"].columns))
    found = availability(order, case).filter(subject="L1").sort("from").select("from", "to", "share").rows()
    assert found == [
        (date(2020, 2, 1), date(2020, 2, 1), 0.3),
        (date(2020, 2, 2), date(2020, 2, 3), 0.4),
        (date(2020, 2, 4), date(2020, 2, 5), 0.3),
    ]


def test_what_no_table_can_say_is_told(order, tiny):
    order.kind = "convert"
    assert changes_of([order], tiny, LAST) == ([], [order])


def test_the_new_plan_takes_the_block_and_keeps_to_the_plan_in_force(order, cast, places, in_force):
    block(order, cast.maker)
    run, untold = start_replan(office=places.country, by=cast.analyst)
    assert (run.in_force, run.scenario.base, run.horizon, untold) == (in_force, in_force, in_force.horizon, [])
    assert case_of(run)["availability"].select("subject", "share").rows() == [("L1", 0.0)]


def test_the_new_plan_and_its_what_if_are_called_in_the_language_of_the_reader(client, order, cast, places):
    block(order, cast.maker)
    run, _untold = start_replan(office=places.country, by=cast.analyst)
    assert run.words == Text("Tiny: Blocked on 2020-02-01", "Tiny: 2020-02-01 受阻情况")
    assert run.scenario.words.zh == "2020-02-01 受阻情况"
    assert run.scenario.about == Text(order.text, order.text_zh)
    for language, said, other in (("en", "Blocked on", "受阻情况"), ("zh-hans", "受阻情况", "Blocked on")):
        Person.objects.filter(pk=cast.reader.pk).update(language=language)
        client.force_login(cast.reader)
        for page in ("planning:runs", "planning:scenarios"):
            shown = client.get(reverse(page)).content.decode()
            assert said in shown
            assert other not in shown


def test_what_a_person_named_is_called_so_in_every_language(in_force, cast):
    named = add_scenario(base=in_force, name="More cloth", text="Half as much again", by=cast.analyst)
    assert named.words == Text("More cloth", "More cloth")
    run = run_scenario(scenario=named, by=cast.analyst)
    assert run.words == Text("Tiny: More cloth", "Tiny: More cloth")


def test_a_block_that_is_told_anew_takes_the_place_of_the_one_before(order, cast, places, in_force):
    block(order, cast.maker)
    first, _untold = start_replan(office=places.country, by=cast.analyst)
    stays = {"table": "lanes", "key": {"lane": "east_west"}, "column": "capacity", "factor": 2}
    first.scenario.changes.append(stays)
    first.scenario.save()
    Run.objects.filter(pk=first.pk).update(state="done", folder=in_force.folder, is_sound=True)
    decide(run=first, verdict="approved", reason="Goes round the block", by=cast.head)
    Directive.objects.filter(pk=order.pk).update(share=0.5)
    second, _untold = start_replan(office=places.country, by=cast.analyst)
    assert case_of(second)["availability"].select("subject", "share").rows() == [("L1", 0.5)]
    assert second.scenario.changes[0] == stays


def test_of_what_is_late_the_case_takes_what_was_done_in_its_time(order, cast, places, tiny):
    step(directive=order, name="accept", by=cast.maker)
    step(directive=order, name="report", by=cast.maker, done=180)
    order.due_at = Issue.objects.get().at
    order.save()
    assert [(each.quantity, each.share) for each in held_up(places.country)] == [(60, 0.25)]
    assert availability(order, tiny)["share"].to_list() == [0.75]


def test_without_anything_blocked_no_plan_is_made_anew(issue, cast, places):
    with pytest.raises(ValidationError, match="Nothing that is blocked"):
        start_replan(office=places.country, by=cast.analyst)


def test_who_may_not_plan_starts_none(order, cast, places):
    block(order, cast.maker)
    with pytest.raises(PermissionDenied):
        start_replan(office=places.country, by=cast.reader)


def test_what_is_late_is_in_trouble_too(order, places):
    Directive.objects.filter(pk=order.pk).update(due_at=Issue.objects.get().at)
    assert list(troubled(places.country)) == [order]


@pytest.fixture
def planner(cast, places, roles):
    """A reporter for all."""
    return accounts.add_person(
        username="all", password=None, organisation=places.country, role=roles["reporter"], by=None
    )


@pytest.fixture
def conversion(in_force, cast, places):
    """The maker of nappies is to convert its line: ready after three days."""
    accounts.add_organisation(
        code="nappies", name="Nappies", kind="enterprise", parent=places.east, enterprise="nappyworks", by=None
    )
    issue = issue_directives(run=in_force, by=cast.analyst, days=3)
    return issue.directives.get(kind="convert")


def test_a_blocked_conversion_comes_after_its_lead_time_from_the_day_on_which_it_can_go_on(conversion, planner, tiny):
    block(conversion, planner, until=date(2020, 2, 2))
    case = apply_scenario(tiny, changes_of([conversion], tiny, date(2020, 2, 8))[0])
    assert case["lines"].filter(line="L2")["quantity"].to_list() == [0]
    came = case["lines"].filter(pl.col("from_line") == "L2").row(0, named=True)
    assert (came["kind"], came["quantity"], came["enterprise"]) == ("mask", 1, "nappyworks")
    rows = case["availability"].filter(subject=came["line"]).select("from", "to", "share").rows()
    assert rows == [(tiny.start, date(2020, 2, 4), 0.0), (date(2020, 2, 5), date(2020, 2, 8), 1.0)]
    assert [str(each) for each in case.check().errors] == []


def test_a_blocked_conversion_without_an_end_does_not_come_within_the_plan(conversion, planner, tiny):
    block(conversion, planner)
    case = apply_scenario(tiny, changes_of([conversion], tiny, LAST)[0])
    assert case["availability"].select("from", "to", "share").rows() == [(tiny.start, LAST, 0.0)]


def test_a_blocked_conversion_stays_when_the_new_plan_counts_on_it(conversion, planner, cast, in_force):
    block(conversion, planner, until=date(2020, 2, 2))
    run, untold = start_replan(office=conversion.issue.organisation, by=cast.analyst)
    assert untold == []
    claimed = queue.claim("a worker")
    assert claimed == run
    assert work.plan_run(claimed, lambda **_: None)
    decide(run=run, verdict="approved", reason="It holds", by=cast.head)
    run.refresh_from_db()
    issue = issue_directives(run=run, by=cast.analyst, days=3)
    conversion.refresh_from_db()
    assert conversion.state == "blocked"
    assert not issue.directives.filter(kind="convert").exists()


def test_a_blocked_licence_is_granted_after_its_quickest_review_from_that_day_on(order, cast, tiny):
    licences = pl.DataFrame(
        {"enterprise": ["maskworks"], "item": ["mask"], "state": ["none"], "review_days": [60], "fast_review_days": [3]}
    )
    case = tiny.replace(licences=licences)
    asked = Directive(
        kind="license", key="license:mask", item="mask", addressee=order.addressee, issue=order.issue, quantity=1
    )
    for until, said in ((date(2020, 2, 3), ("applied", 5, None)), (None, ("none", None, None))):
        asked.until = until
        told = apply_scenario(case, changes_of([asked], case, LAST)[0])["licences"]
        assert told.select("state", "review_days", "fast_review_days").row(0) == said
