"""The pages of planning: what they show, and whom they refuse."""

from __future__ import annotations

import io

import polars as pl
import pytest
from django.urls import reverse
from tests.web.background import work_off

from mainstay_web.jobs import queue
from mainstay_web.jobs.kinds import say_nothing
from mainstay_web.jobs.models import Job
from mainstay_web.planning import actions, stressing
from mainstay_web.planning.models import Run, Scenario
from mainstay_web.planning.work import stress_run


@pytest.fixture
def scenario(done, cast) -> Scenario:
    return actions.add_scenario(base=done, name="doubled", by=cast.analyst)


@pytest.fixture
def approved(done, cast) -> Run:
    actions.decide(run=done, verdict="approved", reason="It holds", by=cast.head)
    done.refresh_from_db()
    return done


def get(client, who, name: str, /, *arguments, **query):
    client.force_login(who)
    return client.get(reverse(f"planning:{name}", args=arguments), query)


def post(client, who, name: str, /, *arguments, **data):
    client.force_login(who)
    return client.post(reverse(f"planning:{name}", args=arguments), data)


PAGES = ("run", "progress", "shortages", "report", "chain", "chain_data", "stress", "stress_data")
POSTS = ("cancel", "decide", "what_if")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("page", PAGES)
def test_each_page_of_a_run_shows_in_both_languages(client, cast, done, page, language) -> None:
    client.cookies["django_language"] = language
    assert get(client, cast.reader, page, done.pk).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_a_run_is_not_there_for_who_may_not_see_it(client, cast, done, page) -> None:
    for person in (cast.outsider, cast.nobody, cast.east_analyst):
        assert get(client, person, page, done.pk).status_code == 404


def test_the_page_of_a_run_leads_to_its_chain_and_one_without_has_none(client, cast, done) -> None:
    href = reverse("planning:chain", args=[done.pk]).encode()
    assert href in get(client, cast.reader, "run", done.pk).content
    assert b"chain-canvas" in get(client, cast.reader, "chain", done.pk).content

    (done.results.folder / "chain.json.gz").unlink()
    assert href not in get(client, cast.reader, "run", done.pk).content
    assert get(client, cast.reader, "chain", done.pk).status_code == 404


def test_the_page_of_a_run_leads_to_its_stress_test_and_one_without_has_none(client, cast, done) -> None:
    href = reverse("planning:stress", args=[done.pk]).encode()
    assert href in get(client, cast.reader, "run", done.pk).content
    assert b"stress_rank" in get(client, cast.reader, "stress", done.pk).content

    (done.results.folder / "stress.json.gz").unlink()
    assert href not in get(client, cast.reader, "run", done.pk).content
    assert get(client, cast.reader, "stress", done.pk).status_code == 404


def test_a_large_plan_is_stress_tested_in_the_background_once_and_then_shows_it(client, cast, done) -> None:
    for file in stressing.FILES:
        (done.results.folder / file).unlink()
    assert b"Run the stress test" in get(client, cast.analyst, "run", done.pk).content
    assert b"Run the stress test" not in get(client, cast.reader, "run", done.pk).content

    first = post(client, cast.analyst, "start_stress", done.pk)
    again = post(client, cast.analyst, "start_stress", done.pk)
    assert first["Location"] == again["Location"]
    assert b"Stress test: at work" in get(client, cast.analyst, "run", done.pk).content

    work_off()
    told = client.get(first["Location"]).content.decode()
    assert "losses were tried" in told
    assert reverse("planning:stress", args=[done.pk]) in told
    assert b"stress_rank" in get(client, cast.reader, "stress", done.pk).content
    assert sorted(done.results.folder.glob("stress*")) == [done.results.folder / name for name in stressing.FILES]

    post(client, cast.analyst, "start_stress", done.pk)
    assert Job.objects.filter(kind="stress").count() == 1


def test_a_stress_test_that_lost_its_lease_leaves_the_plan_as_it_was(cast, done) -> None:
    for file in stressing.FILES:
        (done.results.folder / file).unlink()
    job = actions.start_stress(run=done, by=cast.analyst)
    slow = queue.claim("slow")
    Job.objects.filter(pk=job.pk).update(attempt=2)
    assert stress_run(slow, say_nothing) is False
    assert not list(done.results.folder.glob("stress*"))


@pytest.mark.parametrize("page", [*POSTS])
def test_what_changes_a_run_wants_a_post_and_the_right(client, cast, done, page) -> None:
    assert get(client, cast.head, page, done.pk).status_code == 405
    assert post(client, cast.outsider, page, done.pk, name="x").status_code == 404
    assert post(client, cast.reader, page, done.pk, name="x", reason="x", verdict="approved").status_code == 403
    done.refresh_from_db()
    assert (done.state, done.verdict) == ("done", "")


@pytest.mark.parametrize("page", ["runs", "scenarios"])
def test_lists_show_what_a_person_may_see(client, cast, scenario, page) -> None:
    assert b"Tiny" in get(client, cast.reader, page).content
    assert b"Tiny" not in get(client, cast.east_analyst, page).content
    assert get(client, cast.maker, page).status_code == 403


def test_the_list_renews_itself_only_while_something_is_planned(client, cast, queued) -> None:
    assert b'hx-trigger="every' in get(client, cast.reader, "runs").content
    queue.cancel(queued, cast.analyst)
    assert b'hx-trigger="every' not in get(client, cast.reader, "runs").content


def test_a_poll_of_the_list_gives_the_rows_alone_as_they_are_sorted(client, cast, queued) -> None:
    client.force_login(cast.reader)
    headers = {"HX-Target": "div#runs", "HX-Current-URL": "http://testserver/plans/?q=nothing"}
    answer = client.get(reverse("planning:runs"), headers=headers)
    assert b"<html" not in answer.content
    assert b"Tiny" not in answer.content


def test_progress_asks_for_the_whole_page_when_the_run_has_ended(client, cast, done) -> None:
    assert get(client, cast.reader, "progress", done.pk)["HX-Refresh"] == "true"


def test_an_analyst_starts_a_run_on_a_kept_case(client, cast, snapshot) -> None:
    assert get(client, cast.analyst, "start").status_code == 200
    said = {"title": "Friday", "organisation": snapshot.organisation.pk, "snapshot": snapshot.pk, "gap": 2}
    answer = post(client, cast.analyst, "start", **said, as_of="2020-02-01", time_limit=60)
    run = Run.objects.get()
    assert answer["Location"] == reverse("planning:run", args=[run.pk])
    assert (run.title, run.horizon, run.needs, run.gap, run.time_limit) == ("Friday", "5x1", "base", 0.02, 60)
    assert b"waits for a worker" in client.get(answer["Location"]).content


def test_a_horizon_that_cannot_be_read_is_refused_with_the_remedy(client, cast, snapshot) -> None:
    said = {"title": "x", "organisation": snapshot.organisation.pk, "snapshot": snapshot.pk, "gap": 1}
    answer = post(client, cast.analyst, "start", **said, horizon="two weeks")
    assert answer.status_code == 422
    assert b"Write periods x days" in answer.content
    assert not Run.objects.exists()


def test_who_may_not_run_plans_cannot_start_one(client, cast, snapshot) -> None:
    assert get(client, cast.reader, "start").status_code == 403
    assert post(client, cast.reader, "start", title="x").status_code == 403


def test_an_analyst_of_a_province_cannot_start_a_run_for_the_country(client, cast, snapshot) -> None:
    said = {"title": "x", "organisation": snapshot.organisation.pk, "snapshot": snapshot.pk, "gap": 1}
    assert post(client, cast.east_analyst, "start", **said).status_code == 422
    assert not Run.objects.exists()


def test_a_failed_run_shows_its_findings(client, cast, queued) -> None:
    finding = {"table": "lanes", "row": 7, "column": "origin", "message": "nowhere is no place.", "remedy": "Add it."}
    queue.fail(queue.claim("w"), "The case has 1 error.", [finding])
    content = get(client, cast.reader, "run", queued.pk).content
    assert b"nowhere is no place." in content
    assert b"The case has 1 error." in content


def test_a_cancelled_run_says_so_and_leads_on(client, cast, queued) -> None:
    queue.cancel(queued, cast.analyst)
    content = get(client, cast.analyst, "run", queued.pk).content
    assert b"cancelled before it was done" in content
    assert reverse("planning:start").encode() in content


def test_the_head_approves_with_a_reason(client, cast, done) -> None:
    assert post(client, cast.head, "decide", done.pk, verdict="approved", reason="").status_code == 422
    assert post(client, cast.head, "decide", done.pk, verdict="approved", reason="It holds").status_code == 302
    assert b"It holds" in client.get(reverse("planning:run", args=[done.pk])).content


def test_a_waiting_run_is_cancelled(client, cast, queued) -> None:
    post(client, cast.analyst, "cancel", queued.pk)
    queued.refresh_from_db()
    assert queued.state == "cancelled"


def test_shortages_say_what_binds_on_each_day(client, cast, done) -> None:
    content = get(client, cast.reader, "shortages", done.pk).content.decode()
    assert "What binds is the lines" in content
    assert "nothing that is started on the first day can be there in time" in content


def short_of(run) -> dict[str, str]:
    """The first need of a run that is not met."""
    table = run.results.table("shortages").collect()
    return table.filter(table["lost"] > 0).select("item", "place", "tier").row(0, named=True)


@pytest.mark.parametrize(("language", "says"), [("en", "speak-en"), ("zh-hans", "speak-zh")])
def test_behind_each_shortage_is_why_and_what_would_help(client, cast, done, language, says) -> None:
    type(cast.reader).objects.filter(pk=cast.reader.pk).update(language=language)
    need = short_of(done)
    content = get(client, cast.reader, "why", done.pk, **need).content.decode()
    assert f'class="{says}"' in content
    assert "found by solving again" in content
    assert "重新求解" in content
    assert "<svg" in content
    listed = get(client, cast.reader, "shortages", done.pk).content.decode()
    assert f"why/?item={need['item']}&amp;place={need['place']}&amp;tier={need['tier']}" in listed


def test_why_is_not_there_for_who_may_not_see_the_run(client, cast, done) -> None:
    for person in (cast.outsider, cast.nobody, cast.east_analyst):
        assert get(client, person, "why", done.pk, **short_of(done)).status_code == 404


def test_why_of_what_nobody_needs_is_not_found(client, cast, done) -> None:
    assert get(client, cast.reader, "why", done.pk, item="none", place="none", tier="vital").status_code == 404
    assert get(client, cast.reader, "why", done.pk).status_code == 404


@pytest.mark.parametrize("name", ["production", "shortages", "decisions", "licences"])
def test_result_tables_show_names_and_export_codes(client, cast, done, name) -> None:
    page = get(client, cast.reader, "table", done.pk, name)
    assert page.status_code == 200
    csv = b"".join(get(client, cast.reader, "table", done.pk, name, export="csv").streaming_content)
    assert csv.count(b"\n") == done.results.rows(name) + 1


def test_a_whole_table_is_exported_as_parquet_and_as_a_workbook(client, cast, done) -> None:
    parquet = get(client, cast.reader, "table", done.pk, "stocks", export="parquet")
    assert pl.read_parquet(io.BytesIO(b"".join(parquet))).height == done.results.rows("stocks")
    assert get(client, cast.reader, "table", done.pk, "stocks", export="xlsx").content.startswith(b"PK")


def test_a_table_that_is_not_a_result_is_not_there(client, cast, done) -> None:
    assert get(client, cast.reader, "table", done.pk, "people").status_code == 404
    assert get(client, cast.reader, "download", done.pk, "shortages.csv").status_code == 404
    assert get(client, cast.outsider, "table", done.pk, "stocks").status_code == 404


def test_the_workbook_of_a_plan_is_downloaded(client, cast, done) -> None:
    answer = get(client, cast.reader, "download", done.pk, "results.xlsx")
    assert b"".join(answer).startswith(b"PK")
    assert get(client, cast.outsider, "download", done.pk, "results.xlsx").status_code == 404


def test_two_plans_are_compared_and_exported(client, cast, done) -> None:
    answer = get(client, cast.reader, "compare", a=done.pk, b=done.pk)
    assert answer.status_code == 200
    assert b"The same needs are met in both." in answer.content
    assert get(client, cast.reader, "compare", a=done.pk, b=done.pk, export="xlsx").content.startswith(b"PK")
    csv = get(client, cast.reader, "compare", a=done.pk, b=done.pk, s_export="csv")
    assert b"item" in b"".join(csv.streaming_content)


def test_a_plan_that_one_may_not_see_is_not_compared(client, cast, done) -> None:
    answer = get(client, cast.east_analyst, "compare", a=done.pk, b=done.pk)
    assert b"<h2>Needs met</h2>" not in answer.content


def test_a_what_if_is_made_changed_and_planned(client, cast, done) -> None:
    made = post(client, cast.analyst, "what_if", done.pk, name="doubled", text="")
    scenario = Scenario.objects.get()
    assert made["Location"] == reverse("planning:scenario", args=[scenario.pk])
    said = {"maker-enterprise": "maskworks", "maker-factor": 2}
    assert post(client, cast.analyst, "add_change", scenario.pk, "maker", **said).status_code == 302
    assert b"lines, enterprise maskworks: quantity" in client.get(made["Location"]).content
    post(client, cast.analyst, "run_scenario", scenario.pk)
    run = Run.objects.get(scenario=scenario)
    assert (run.snapshot, run.horizon, run.state) == (done.snapshot, done.horizon, "queued")


CHANGES = {
    "maker": {"enterprise": "maskworks", "factor": 2},
    "lane": {"lane": "east_west"},
    "stock": {"item": "mask", "place": "east", "owner": "reserve", "quantity": 100},
    "need": {"item": "mask", "place": "", "factor": 1.5},
    "licence": {"enterprise": "nappyworks", "item": "mask"},
    "cell": {"table": "lines", "key": "line=L1", "column": "quantity", "operation": "value", "value": "7"},
}


@pytest.mark.parametrize("kind", CHANGES)
def test_each_form_of_a_change_makes_one_that_can_be_planned(client, cast, scenario, kind) -> None:
    said = {f"{kind}-{name}": value for name, value in CHANGES[kind].items()}
    assert post(client, cast.analyst, "add_change", scenario.pk, kind, **said).status_code == 302
    scenario.refresh_from_db()
    assert len(scenario.changes) == 1


def test_a_change_of_a_row_that_is_not_there_is_refused_with_the_nearest(client, cast, scenario) -> None:
    said = {"table": "lines", "key": "line=L11", "column": "quantity", "operation": "value", "value": "7"}
    answer = post(client, cast.analyst, "add_change", scenario.pk, "cell", **{f"cell-{k}": v for k, v in said.items()})
    assert answer.status_code == 422
    assert b"lines has no row with line L11" in answer.content


def test_a_change_is_taken_back(client, cast, done) -> None:
    change = {"table": "lines", "key": {"line": "L1"}, "column": "quantity", "factor": 2}
    scenario = actions.add_scenario(base=done, name="doubled", changes=[change], by=cast.analyst)
    assert post(client, cast.analyst, "remove_change", scenario.pk, 0).status_code == 302
    scenario.refresh_from_db()
    assert scenario.changes == []


@pytest.mark.parametrize(("page", "more"), [("run_scenario", ()), ("add_change", ("lane",)), ("remove_change", (0,))])
def test_a_reader_changes_no_what_if_and_an_outsider_sees_none(client, cast, scenario, page, more) -> None:
    assert post(client, cast.reader, page, scenario.pk, *more).status_code == 403
    assert post(client, cast.outsider, page, scenario.pk, *more).status_code == 404
    assert get(client, cast.reader, page, scenario.pk, *more).status_code == 405
    assert get(client, cast.reader, "scenario", scenario.pk).status_code == 200
    assert get(client, cast.outsider, "scenario", scenario.pk).status_code == 404


def test_without_an_approved_plan_our_part_says_so(client, cast, done) -> None:
    assert b"No plan is approved yet" in get(client, cast.maker, "own").content


def test_a_maker_sees_what_to_make_and_nothing_of_others(client, cast, approved) -> None:
    content = get(client, cast.maker, "own").content.decode()
    assert "What to make" in content
    assert "Mask works" in content or "Mask" in content
    assert "Protective suit" not in content
    assert "Nappy works" not in content


def test_a_hospital_sees_what_arrives_and_why_needs_are_not_met(client, cast, approved) -> None:
    content = get(client, cast.hospital, "own").content.decode()
    assert "What arrives" in content
    assert "Why needs are not met" in content
    assert "in East:" not in content


def test_our_part_of_another_organisation_is_not_there(client, cast, approved, places) -> None:
    assert get(client, cast.maker, "own", organisation=places.hospital.pk).status_code == 404
    assert get(client, cast.reader, "own").status_code == 403


def test_a_part_is_exported(client, cast, approved) -> None:
    csv = b"".join(get(client, cast.maker, "own", make_export="csv").streaming_content).decode()
    assert {line.split(",")[2] for line in csv.splitlines()[1:]} == {"mask"}


def test_the_page_of_cases_is_for_who_imports_or_exports(client, cast, snapshot) -> None:
    assert get(client, cast.analyst, "cases").status_code == 200
    assert get(client, cast.head, "cases").status_code == 200
    assert get(client, cast.reader, "cases").status_code == 403
    assert post(client, cast.head, "cases").status_code == 403
    assert get(client, cast.reader, "export_case", "csv").status_code == 403
