"""The pages of directives: what they show, and whom they refuse."""

from __future__ import annotations

import pytest
from django.urls import reverse

from mainstay_web.directives.actions import step
from mainstay_web.directives.models import Directive, Issue, Outlet, Rule, State
from mainstay_web.planning.models import Run


def get(client, who, name: str, /, *arguments, **query):
    client.force_login(who)
    return client.get(reverse(f"directives:{name}", args=arguments), query)


def post(client, who, name: str, /, *arguments, **data):
    client.force_login(who)
    return client.post(reverse(f"directives:{name}", args=arguments), data)


def text(answer) -> str:
    return answer.content.decode()


def test_an_office_begins_with_the_board_and_a_maker_with_today(client, cast, issue):
    assert get(client, cast.reader, "home").url == reverse("directives:board")
    assert get(client, cast.maker, "home").url == reverse("directives:today")


def test_the_office_issues_directives_in_one_step(client, cast, in_force, places):
    answer = post(client, cast.analyst, "issue", places.country.pk, days=3)
    assert answer.status_code == 302
    assert "6 issued, 0 unchanged, 0 under way or done, 0 superseded." in text(client.get(answer.url))


def test_without_a_plan_in_force_nothing_is_issued(client, cast, places):
    answer = post(client, cast.analyst, "issue", places.country.pk, days=3)
    assert "Approve a plan" in text(client.get(answer.url))
    assert not Issue.objects.exists()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_maker_sees_what_to_do_today_and_nothing_of_others(client, cast, issue, language):
    cast.maker.language = language
    cast.maker.save()
    shown = text(get(client, cast.maker, "today"))
    assert {"en": "Make mask", "zh-hans": "生产口罩"}[language] in shown
    assert "West" not in shown
    assert "西区" not in shown


def test_a_maker_accepts_all_then_reports_from_today(client, cast, places, order):
    post(client, cast.maker, "accept_all", places.maker.code)
    answer = post(client, cast.maker, "step", order.pk, "report", done="80", **{"from": "today"})
    assert answer.url.startswith(reverse("directives:today"))
    order.refresh_from_db()
    assert (order.state, order.done) == (State.UNDER_WAY, 80)
    assert "80 / 240" in text(client.get(answer.url))


def test_a_step_that_is_refused_shows_what_to_mend(client, cast, order):
    post(client, cast.maker, "step", order.pk, "accept")
    answer = post(client, cast.maker, "step", order.pk, "block", blocker="", share="0", note="")
    assert answer.status_code == 422
    again = post(client, cast.maker, "step", order.pk, "accept")
    assert (again.status_code, "is not possible" in text(again)) == (422, True)
    order.refresh_from_db()
    assert order.state == State.ACCEPTED


def test_a_block_is_told_in_per_cent_and_kept_as_a_share(client, cast, order):
    post(
        client,
        cast.maker,
        "step",
        order.pk,
        "block",
        blocker="staff",
        share="25",
        note="half are ill",
        until="2020-02-03",
    )
    order.refresh_from_db()
    assert (order.state, order.share, f"{order.until}") == (State.BLOCKED, 0.25, "2020-02-03")


def test_who_may_not_see_a_directive_does_not_find_it(client, cast, order):
    for person in (cast.outsider, cast.hospital, cast.nobody):
        assert get(client, person, "directive", order.pk).status_code == 404
        assert post(client, person, "step", order.pk, "accept").status_code == 404


def test_a_level_above_the_addressee_sees_and_helps_but_does_not_act_for_it(client, cast, order):
    assert get(client, cast.east_analyst, "directive", order.pk).status_code == 200
    assert post(client, cast.east_analyst, "step", order.pk, "accept").status_code == 403
    step(directive=order, name="block", by=cast.maker, blocker="cash", share=0.0, note="No money")
    assert post(client, cast.east_analyst, "step", order.pk, "help", note="A loan comes").status_code == 302


@pytest.mark.parametrize("name", ["issue", "supersede", "remind", "escalate", "slam"])
def test_steps_of_the_system_have_no_page(client, cast, order, name):
    assert post(client, cast.head, "step", order.pk, name).status_code == 404


def test_the_page_of_a_directive_shows_its_whole_history(client, cast, order):
    step(directive=order, name="object", by=cast.maker, note="Too much for us")
    step(directive=order, name="uphold", by=cast.head, note="Nobody else can")
    shown = text(get(client, cast.reader, "directive", order.pk))
    assert shown.index("Nobody else can") < shown.index("Too much for us")
    assert "maker_reporter" in shown


def test_the_board_puts_blocked_first_and_exports(client, cast, issue, order):
    step(directive=order, name="block", by=cast.maker, blocker="material", share=0.0, note="No cloth")
    shown = text(get(client, cast.reader, "board"))
    assert shown.index("Make mask") < shown.index("Take in mask")
    assert "Blocked" in text(get(client, cast.reader, "board", state="blocked"))
    rows = get(client, cast.reader, "board", state="blocked", export="csv").getvalue().decode("utf-8-sig").splitlines()
    assert len(rows) == 2
    assert "Make mask" in rows[1]


def test_a_vital_block_proposes_a_new_plan_and_the_button_starts_it(client, cast, places, order):
    assert "Plan anew" not in text(get(client, cast.analyst, "board"))
    step(directive=order, name="block", by=cast.maker, blocker="material", share=0.0, note="No cloth")
    assert "Plan anew" in text(get(client, cast.analyst, "board"))
    answer = post(client, cast.analyst, "plan_anew", places.country.pk)
    assert answer.url == reverse("planning:run", args=[Run.objects.first().pk])


def test_rules_are_changed_as_data(client, cast, places, issue):
    form = {f"{rule.state}-{rule.act}": rule.hours for rule in Rule.objects.all()}
    assert (
        post(
            client, cast.head, "rules", places.country.pk, **form | {"blocked-escalate": "1.5", "late-remind": ""}
        ).status_code
        == 302
    )
    rules = {(rule.state, rule.act): rule.hours for rule in Rule.objects.all()}
    assert rules["blocked", "escalate"] == 1.5
    assert ("late", "remind") not in rules
    assert post(client, cast.head, "rules", places.country.pk, **form | {"blocked-escalate": "-1"}).status_code == 422
    assert get(client, cast.reader, "rules", places.country.pk).status_code == 404


def test_outlets_are_added_and_ended_by_their_own_and_by_the_office(client, cast, places, issue):
    added = post(client, cast.maker, "outlets", "maker", channel="email", address="desk@maker.example", language="en")
    assert added.status_code == 302
    outlet = Outlet.objects.get()
    assert "desk@maker.example" in text(get(client, cast.head, "outlets", "maker"))
    assert get(client, cast.hospital, "outlets", "maker").status_code == 404
    assert post(client, cast.hospital, "end_outlet", outlet.pk).status_code == 404
    assert post(client, cast.maker, "end_outlet", outlet.pk).status_code == 302
    outlet.refresh_from_db()
    assert not outlet.is_active


@pytest.mark.parametrize(
    ("channel", "address"),
    [("email", "nobody"), ("webhook", "ftp://127.0.0.1/"), ("webhook", "https://elsewhere.example/hook")],
)
def test_an_address_that_may_not_be_told_is_refused(client, cast, issue, channel, address):
    said = {"channel": channel, "address": address, "language": "en"}
    assert post(client, cast.maker, "outlets", "maker", **said).status_code == 422
    assert not Outlet.objects.exists()


@pytest.mark.parametrize("name", ["issue", "plan_anew", "accept_all", "step", "end_outlet"])
def test_what_changes_something_wants_a_post(client, cast, order, name):
    arguments = {"accept_all": ["maker"], "step": [order.pk, "accept"]}.get(name, [1])
    assert get(client, cast.head, name, *arguments).status_code == 405


@pytest.mark.parametrize("page", ["today", "board"])
def test_who_has_no_right_is_refused(client, cast, issue, page):
    assert get(client, cast.nobody, page).status_code == 403


def test_the_board_reads_no_more_for_more_rows(client, cast, issue, django_assert_max_num_queries):
    with django_assert_max_num_queries(30):
        get(client, cast.reader, "board")
    assert Directive.objects.count() == 6
