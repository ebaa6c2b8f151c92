"""The pages of preparing: what they show, what their forms do, what they give to keep."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from tests.web.ready_world import ready_tiny

from mainstay.tables import write
from mainstay_web.planning.models import Snapshot
from mainstay_web.planning.words import quantity
from mainstay_web.preparing import actions, queries
from mainstay_web.preparing.models import Preparation
from mainstay_web.preparing.results import TABLES

FORM = {"title": "Reserve", "caution": 50, "tail": 10, "hold_out": 0, "seed": 0, "gap": 1, "budget": 400}


def get(client, who, name: str, /, *arguments, **query):
    client.force_login(who)
    return client.get(reverse(f"preparing:{name}", args=arguments), query)


def post(client, who, name: str, /, *arguments, **data):
    client.force_login(who)
    return client.post(reverse(f"preparing:{name}", args=arguments), data)


def speak(person, language):
    type(person).objects.filter(pk=person.pk).update(language=language)
    person.refresh_from_db()


@pytest.fixture
def in_force_design(best, cast):
    actions.decide(design=best, verdict="approved", reason="It lasts", by=cast.head)
    best.refresh_from_db()
    return best


@pytest.mark.parametrize(("language", "words"), [("en", "Options"), ("zh-hans", "备选准备")])
def test_a_register_without_options_is_told_which_table_to_fill_and_where(client, cast, snapshot, language, words):
    speak(cast.analyst, language)
    page = get(client, cast.analyst, "home").content.decode()
    assert words in page
    assert reverse("registry:upload", args=["options"]) in page


def test_the_page_of_a_preparation_shows_the_frontier_and_every_design(client, cast, prepared, best):
    page = get(client, cast.reader, "preparation", prepared.pk).content.decode()
    assert 'data-chart="frontier"' in page
    assert page.count("/readiness/designs/") >= prepared.designs.count()
    assert "budget asked for" in page
    data = get(client, cast.reader, "data", prepared.pk)
    assert data.headers["Content-Encoding"] == "gzip"


@pytest.mark.parametrize(("language", "words"), [("en", "Why each item is there"), ("zh-hans", "物资入选理由")])
def test_the_page_of_a_design_says_what_why_and_how_fresh(client, cast, best, language, words):
    speak(cast.reader, language)
    page = get(client, cast.reader, "design", best.pk).content.decode()
    assert words in page
    for chart in ("ready_map", "ready_forms", "futures", "scores"):
        assert f'data-chart="{chart}"' in page
    for table in ("trials", "rotation_plan", "peacetime"):
        assert f'data-table="{table}"' in page


@pytest.mark.parametrize("name", TABLES)
def test_every_table_of_a_design_shows_and_exports(client, cast, best, name):
    assert get(client, cast.reader, "table", best.pk, name).status_code == 200
    assert b"".join(get(client, cast.reader, "table", best.pk, name, export="csv").streaming_content)
    assert get(client, cast.reader, "table", best.pk, name, export="xlsx").content[:2] == b"PK"


def test_a_design_gives_its_report_workbook_and_proof_and_nothing_else(client, cast, best):
    for name in best.results.files:
        answer = get(client, cast.reader, "download", best.pk, name)
        assert b"".join(answer.streaming_content) == (best.results.plan / name).read_bytes()
        for close in answer._resource_closers:  # the whole answer's close would end the test's transaction
            close()
    assert get(client, cast.reader, "download", best.pk, "designs.csv").status_code == 404


def test_two_designs_are_compared_in_sentences_tables_and_a_workbook(client, cast, prepared, best):
    first = prepared.designs.first()
    page = get(client, cast.reader, "compare", a=first.pk, b=best.pk).content.decode()
    cost = quantity(best.cost)
    assert f"B costs {cost} CNY a year more than A." in page
    assert "falls from" in page
    assert get(client, cast.reader, "compare", a=first.pk, b=best.pk, export="xlsx").content[:2] == b"PK"
    same = get(client, cast.reader, "compare", a=best.pk, b=best.pk).content.decode()
    assert "Both cost the same." in same
    speak(cast.reader, "zh-hans")
    assert (
        f"方案乙每年比方案甲多 {cost} 元" in get(client, cast.reader, "compare", a=first.pk, b=best.pk).content.decode()
    )


def test_the_head_approves_on_the_page_and_who_started_it_has_no_button(client, cast, best):
    assert 'value="approved"' in get(client, cast.head, "design", best.pk).content.decode()
    assert post(client, cast.head, "decide", best.pk, verdict="approved", reason="").status_code == 422
    assert post(client, cast.head, "decide", best.pk, verdict="approved", reason="It lasts").status_code == 302
    assert "In force" in get(client, cast.reader, "home").content.decode()
    Preparation.objects.filter(pk=best.preparation_id).update(by=cast.head)
    actions.decide(design=best, verdict="withdrawn", reason="again", by=cast.head)
    assert 'value="approved"' not in get(client, cast.head, "design", best.pk).content.decode()
    assert post(client, cast.head, "decide", best.pk, verdict="approved", reason="mine").status_code == 403


def start(client, who, **more):
    return post(client, who, "start", **FORM, organisation=Snapshot.objects.first().organisation.pk, **more)


def test_a_preparation_is_started_on_a_kept_case(client, cast, ready_snapshot):
    assert start(client, cast.analyst, source=str(ready_snapshot.pk), others="100 200 100").status_code == 302
    assert Preparation.objects.get().others == [100.0, 200.0]


def test_a_preparation_is_started_on_a_bundled_example_and_the_register_stays_as_it_is(client, cast, snapshot):
    assert start(client, cast.analyst, source="example:regions-7").status_code == 302
    assert Preparation.objects.get().snapshot.title.startswith("Seven")
    assert queries.lacking_in_register() == ["options"]


def test_a_preparation_is_started_on_a_file_of_ones_own(client, cast, snapshot, tmp_path):
    folder = tmp_path / "ready"
    write(ready_tiny(), folder)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, file.name)
    file = SimpleUploadedFile("ready.zip", packed.getvalue())
    assert start(client, cast.analyst, source="file", file=file).status_code == 302
    assert start(client, cast.analyst, source="file").status_code == 422


@pytest.mark.parametrize("wrong", [{"others": "much"}, {"budget": -1}, {"source": "register"}, {"caution": 101}])
def test_what_cannot_be_prepared_is_said_on_the_form(client, cast, ready_snapshot, wrong):
    said = {"source": str(ready_snapshot.pk)} | FORM | wrong
    organisation = ready_snapshot.organisation.pk
    assert post(client, cast.analyst, "start", organisation=organisation, **said).status_code == 422
    assert not Preparation.objects.exists()


def test_the_calendar_lists_what_is_open_and_marks_what_is_overdue(client, cast, in_force_design):
    first = in_force_design.rotation_tasks.first()
    yesterday = timezone.localdate() - timedelta(days=1)
    in_force_design.rotation_tasks.filter(pk=first.pk).update(date=yesterday, due=yesterday)
    page = get(client, cast.analyst, "calendar")
    assert (page.context["overdue"], page.context["listing"].page[0].pk) == (1, first.pk)
    assert '<span class="state bad">overdue</span>' in page.content.decode()
    back = post(client, cast.analyst, "mark", first.pk, done="1", back="state=overdue")
    assert back.url.endswith("?state=overdue")
    first.refresh_from_db()
    assert first.done_by == cast.analyst
    done = get(client, cast.reader, "calendar", state="done")
    assert done.context["listing"].page.paginator.count == 1
    assert '<form method="post" class="inline' not in done.content.decode()


def test_the_calendar_is_exported_with_codes_and_for_a_calendar_program(client, cast, in_force_design):
    rows = b"".join(get(client, cast.reader, "calendar", export="csv").streaming_content).decode("utf-8-sig")
    assert rows.splitlines()[0] == "date,due,action,item,place,quantity,lot,expires,done_at,done_by"
    assert ",buy,mask,east," in rows
    answer = get(client, cast.reader, "ics")
    text = answer.content.decode()
    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert text.count("BEGIN:VEVENT") == in_force_design.rotation_tasks.count()
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "SUMMARY:buy: Mask\\, East" in text


def test_without_a_design_in_force_the_calendar_says_so(client, cast, prepared):
    assert "No design is in force" in get(client, cast.reader, "calendar").content.decode()


def test_a_failed_preparation_says_why_in_both_languages(client, cast, preparing):
    from mainstay.tables.findings import Both
    from mainstay_web.jobs import queue

    queue.fail(queue.claim("a worker"), Both("No futures are left.", "没有可用情景。"))
    assert "No futures are left." in get(client, cast.reader, "preparation", preparing.pk).content.decode()
    speak(cast.reader, "zh-hans")
    assert "没有可用情景。" in get(client, cast.reader, "preparation", preparing.pk).content.decode()
