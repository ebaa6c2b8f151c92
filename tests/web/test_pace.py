"""Pages ask the database as often for many rows as for few, and what is kept is never out of date."""

import csv
import io
from collections import Counter
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.web.reporting_world import row, world

from mainstay_web.accounts import actions as accounts
from mainstay_web.accounts.actions.tokens import make_token
from mainstay_web.accounts.models import Organisation
from mainstay_web.api import tokens
from mainstay_web.audit.chain import record
from mainstay_web.memo import Memo
from mainstay_web.planning.actions import start_run
from mainstay_web.registry.models import Row
from mainstay_web.reporting import actions, queries
from mainstay_web.reporting.coverage import coverage
from mainstay_web.reporting.models import Report, Submission

DAY = date(2020, 2, 1)


def send(organisation, key="k", **more) -> None:
    actions.submit(organisation=organisation, key=key, rows=[row(**more)], channel="api", by=None)


def add_makers(parent, number, first=0) -> list[Organisation]:
    return [
        accounts.add_organisation(
            code=f"maker{n}", name=f"Maker {n}", kind="enterprise", parent=parent, enterprise=f"maker{n}", by=None
        )
        for n in range(first, first + number)
    ]


def add_rows(organisation, number, first=0) -> None:
    for n in range(first, first + number):
        body = {"enterprise": f"e{n}", "name": f"E {n}", "place": "east"}
        Row.objects.create(
            table="enterprises", key=f'["e{n}"]', organisation=organisation, body=body, at=timezone.now()
        )
    record(by=None, action="registry.edit", subject="enterprises", organisation=organisation)


def queries_of(client, address: str) -> int:
    with CaptureQueriesContext(connection) as found:
        answer = client.get(address)
        assert answer.status_code == 200
        b"".join(answer) if answer.streaming else answer.content
    return len(found)


def grown(client, address: str, grow) -> tuple[int, int]:
    """Queries of a page with five rows, and with fifty; first views, so that nothing is kept yet."""
    client.get(address)
    grow(0, 5)
    few = queries_of(client, address)
    grow(5, 45)
    return few, queries_of(client, address)


def test_the_coverage_page_takes_as_many_queries_for_fifty_makers_as_for_five(client, cast, places):
    world(places)
    client.force_login(cast.analyst)

    def grow(first, number):
        for maker in add_makers(places.east, number, first):
            send(maker)

    few, many = grown(client, reverse("reporting:coverage") + "?day=2020-02-01", grow)
    assert few == many <= 15


def test_the_register_takes_as_many_queries_for_fifty_rows_as_for_five(client, cast, places):
    client.force_login(cast.analyst)
    address = reverse("registry:table", args=["enterprises"])
    few, many = grown(client, address, lambda first, number: add_rows(places.east, number, first))
    assert few == many <= 8


def test_the_list_of_plans_takes_as_many_queries_for_fifty_runs_as_for_five(client, cast, snapshot):
    client.force_login(cast.analyst)

    def grow(first, number):
        for n in range(first, first + number):
            start_run(
                organisation=snapshot.organisation, snapshot=snapshot, title=f"{n}", horizon="5x1", needs="base",
                by=cast.analyst,
            )  # fmt: skip

    few, many = grown(client, reverse("planning:runs"), grow)
    assert few == many <= 10


def test_the_alerts_take_as_many_queries_for_fifty_as_for_five(client, cast, places):
    world(places)
    client.force_login(cast.analyst)

    def grow(first, number):
        for maker in add_makers(places.east, number, first):
            send(maker, blocker="staff")
        actions.ask(Submission.objects.all())

    few, many = grown(client, reverse("reporting:findings"), grow)
    assert few == many <= 20


def test_the_situation_takes_as_many_queries_whatever_the_register_holds(client, cast, done):
    client.force_login(cast.analyst)
    few, many = grown(client, "/", lambda first, number: add_rows(done.organisation, number, first))
    assert few == many <= 12


@pytest.mark.parametrize("rows", [1, 50])
def test_receiving_a_report_takes_as_many_statements_for_one_row_as_for_fifty(places, rows):
    world(places)
    days = [f"2020-02-{n % 28 + 1:02}" for n in range(rows)]
    sent = [row(day=day, measure=("output", "stock")[n // 28]) for n, day in enumerate(days)]
    with CaptureQueriesContext(connection) as found:
        actions.submit(organisation=places.maker, key="k", rows=sent, channel="api", by=None)
    assert len([q for q in found if "SAVEPOINT" not in q["sql"]]) <= 9 + connection.features.has_select_for_update


@pytest.fixture
def makers(places, cast) -> SimpleNamespace:
    """Makers in time, late, missing and closed, in two provinces and in none; West has longer time."""
    here = world(places)
    longer = actions.add_questionnaire(
        code="west", name="West", kind="enterprise", under=here.west, due_days=2, by=None
    )
    actions.add_line(questionnaire=longer, by=None, item="mask", measure="need", basis="day")
    actions.publish(questionnaire=longer, valid_from=date(2020, 1, 1), by=None)
    found = [*add_makers(here.east, 4), *add_makers(here.west, 4, 4), *add_makers(here.country, 2, 8)]
    for n, maker in enumerate(found):
        if n % 4:
            send(maker)
            Report.objects.filter(organisation=maker).update(received_at=datetime(2020, 2, n % 4, 8, tzinfo=UTC))
    accounts.close_organisation(organisation=found[3], by=cast.administrator, reason="closed")
    return here


def plain_fold(now: datetime) -> dict[str, str]:
    """The state of each organisation that is asked, judged by itself."""
    found = {}
    for each in Organisation.objects.filter(is_active=True):
        until = max((queries.due(q, DAY) for q in queries.in_force(each, DAY)), default=None)
        times = [r.received_at for r in Report.objects.filter(organisation=each, date=DAY, version=1)]
        if until and times:
            found[each.code] = "reported" if min(times) <= until else "late"
        elif until:
            found[each.code] = "due" if now <= until else "missing"
    return found


@pytest.mark.parametrize("now", [datetime(2020, 2, day, 3, tzinfo=UTC) for day in (1, 2, 5)])
def test_who_has_reported_is_as_a_plain_fold_over_all_says(makers, now):
    judged = {c.organisation.code: c.status.value for c in coverage(DAY, Organisation.objects.all(), now)}
    assert judged == plain_fold(now)
    assert {"reported", "late"} <= set(judged.values())


def test_the_coverage_page_counts_filters_and_sorts_as_a_plain_fold_says(client, cast, makers):
    client.force_login(cast.analyst)
    states = plain_fold(timezone.now())
    address = reverse("reporting:coverage") + "?day=2020-02-01"
    page = client.get(address).context
    count = Counter(states.values())
    assert page["totals"] == {"asked": len(states), **{name: count[name] for name in page["totals"] if name != "asked"}}
    assert {row["name"]: row["asked"] for row in page["areas"]} == {"East": 4, "West": 5, "Country": 2}
    for state in ("reported", "late", "missing"):
        rows = exported(client, f"{address}&status={state}&sort=-received")
        assert {row[0] for row in rows} == {code for code, found in states.items() if found == state}
        assert [row[5] for row in rows] == sorted((row[5] for row in rows), reverse=True)
        shown = client.get(f"{address}&status={state}").context["listing"]
        assert shown.page.paginator.count == len(shown.lines) == len(rows)
    assert {row[2] for row in exported(client, f"{address}&area=West")} == {"West"}
    areas = [row[2] for row in exported(client, f"{address}&sort=area")]
    assert areas == sorted(areas)
    assert [row[0] for row in exported(client, f"{address}&q=maker 7")] == ["maker7"]


def exported(client, address: str) -> list[list[str]]:
    text = b"".join(client.get(f"{address}&export=csv")).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))[1:]


def test_what_came_in_is_counted_at_once(client, cast, makers):
    client.force_login(cast.analyst)
    address = reverse("reporting:coverage") + "?day=2020-02-01"
    before = client.get(address).context["totals"]
    send(Organisation.objects.get(code="maker0"))
    after = client.get(address).context["totals"]
    assert (after["late"], after["missing"]) == (before["late"] + 1, before["missing"] - 1)


def test_an_answer_is_kept_until_the_next_act(places):
    memo, made = Memo(size=1), iter(range(9))
    assert [memo.get("a", lambda: next(made)) for _ in range(2)] == [0, 0]
    record(by=None, action="test", subject="test")
    assert memo.get("a", lambda: next(made)) == 1
    memo.get("b", lambda: next(made))
    assert memo.get("a", lambda: next(made)) == 3, "the oldest makes room"


def test_the_calls_of_a_token_are_counted_over_all_processes(cast, settings):
    settings.API_CALLS = 45
    token, _text = make_token(name="t", scopes=["reports.view"], days=1, by=cast.maker)
    call = SimpleNamespace(auth=token)
    processes = [tokens.TokenThrottle(), tokens.TokenThrottle()]
    allowed = [processes[n % 2].allow_request(call) for n in range(100)]
    assert sum(allowed) == 45


def test_the_data_of_the_charts_are_sent_to_a_browser_once(client, cast, done):
    client.force_login(cast.analyst)
    address = reverse("dashboards:part_data", args=[done.pk])
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    client.force_login(cast.outsider)
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 404
