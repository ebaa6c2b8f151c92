"""Pages of reports: each works, refuses the wrong method, the outsider and who may not write."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta

import fastexcel
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.web.reporting_world import row, world

from mainstay_web.audit.models import AuditRow
from mainstay_web.reporting import actions, queries
from mainstay_web.reporting.coverage import coverage
from mainstay_web.reporting.models import Questionnaire, Report, ReportFinding, Submission

DAY = date(2020, 2, 1)


@pytest.fixture
def here(places, cast):
    return world(places)


@pytest.fixture
def as_maker(cast) -> Client:
    return signed_in(cast.maker)


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def send(here, *rows, key="k", organisation=None) -> Submission:
    return actions.submit(organisation=organisation or here.maker, key=key, rows=list(rows), channel="api", by=None)


def address(name: str, here, *args) -> str:
    return reverse(f"reporting:{name}", args=args or [here.maker.code])


PAGES = ("form", "received", "figures", "series", "upload")
OFFICE = ("coverage", "findings", "capacity")


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_each_page_of_a_reporter_works_in_both_languages(here, as_maker, cast, name, language) -> None:
    type(cast.maker).objects.filter(pk=cast.maker.pk).update(language=language)
    send(here, row(), row("suit", quantity="x"))
    answer = as_maker.get(address(name, here))
    assert answer.status_code == 200
    assert ("医用口罩" if language == "zh-hans" else "Medical mask") in answer.content.decode() or name in (
        "received",
        "upload",
    )


@pytest.mark.parametrize("name", PAGES)
def test_an_outsider_finds_no_page_of_another_organisation(here, cast, name) -> None:
    assert signed_in(cast.outsider).get(address(name, here)).status_code == 404
    assert signed_in(cast.nobody).get(address(name, here)).status_code == 404


@pytest.mark.parametrize("name", ["received", "figures", "series"])
def test_pages_to_look_at_refuse_to_be_posted_to(here, as_maker, name) -> None:
    assert as_maker.post(address(name, here)).status_code == 405


@pytest.mark.parametrize("name", ["form", "upload"])
def test_who_may_only_read_may_not_report(here, cast, name) -> None:
    assert signed_in(cast.reader).get(address(name, here)).status_code == 403
    assert signed_in(cast.reader).post(address(name, here)).status_code == 403


@pytest.mark.parametrize("name", OFFICE)
def test_pages_of_the_office_show_each_what_lies_under_them(here, cast, name) -> None:
    send(here, row())
    where = reverse(f"reporting:{name}")
    assert signed_in(cast.analyst).get(where).status_code == 200
    assert signed_in(cast.nobody).get(where).status_code == 403
    assert signed_in(cast.analyst).post(where).status_code == 405
    assert "Maker" not in signed_in(cast.outsider).get(where).content.decode().replace("Other_Maker", "").replace(
        "Makers", ""
    ).replace("makers", "")


def test_a_reporter_comes_straight_to_the_form_and_the_office_to_its_ways(here, as_maker, cast) -> None:
    assert as_maker.get(reverse("reporting:home"))["Location"] == address("form", here)
    assert signed_in(cast.analyst).get(reverse("reporting:home")).status_code == 200
    assert signed_in(cast.nobody).get(reverse("reporting:home")).status_code == 403


def test_the_form_shows_what_was_said_before_and_takes_what_is_typed(here, as_maker) -> None:
    send(
        here,
        row(quantity=80, day="2020-01-31"),
        row(measure="capacity", quantity=90, day="2020-01-31", blocker="staff"),
    )
    page = as_maker.get(address("form", here), {"day": "2020-02-01"})
    before = {line.line.measure: line.before.quantity for line in page.context["lines"] if line.before}
    assert before == {"output": 80, "capacity": 90}
    capacity, output, *_ = (line.line.pk for line in page.context["lines"])
    typed = {
        "key": page.context["key"], "day": "2020-02-01", "questionnaire": "makers",
        f"q{capacity}": "95", f"b{capacity}": "material", f"q{output}": "85",
    }  # fmt: skip
    answer = as_maker.post(address("form", here), typed)
    submission = Submission.objects.order_by("pk").last()
    assert answer["Location"] == address("submission", here, submission.pk)
    assert (submission.channel, submission.questionnaire) == ("form", here.questionnaire)
    assert as_maker.get(answer["Location"]).status_code == 200
    assert Report.objects.get(measure="capacity", date=DAY).blocker == "material"
    assert as_maker.post(address("form", here), typed)["Location"] == answer["Location"]  # sent twice
    typed[f"q{output}"] = "99"
    again = as_maker.post(address("form", here), typed)  # back in the browser, another figure
    assert again.status_code == 409
    assert "85 at first, 99 now" in again.content.decode()


def test_the_form_marks_the_field_that_was_refused_and_keeps_the_rest(here, as_maker) -> None:
    page = as_maker.get(address("form", here), {"day": "2020-02-01"})
    capacity, output, *_ = (line.line.pk for line in page.context["lines"])
    answer = as_maker.post(
        address("form", here),
        {"key": "k", "day": "2020-02-01", "questionnaire": "makers", f"q{capacity}": "95", f"q{output}": "8,500"},
    )
    assert answer.status_code == 422
    assert 'value="8,500"' in answer.content.decode()
    assert "8500" in answer.content.decode()
    assert Report.objects.get().measure == "capacity"
    empty = as_maker.post(address("form", here), {"key": "k2", "day": "2020-02-01", "questionnaire": "makers"})
    assert empty.status_code == 422


def test_a_new_version_of_the_questionnaire_is_announced_and_counts_from_its_day(here, as_maker) -> None:
    soon = timezone.localdate() + timedelta(3)
    draft = actions.new_version(questionnaire=here.questionnaire, by=None)
    actions.remove_line(line=draft.lines.last(), by=None)
    actions.publish(questionnaire=draft, valid_from=soon, by=None)
    page = as_maker.get(address("form", here))
    assert page.context["questionnaire"] == here.questionnaire
    assert [q.version for q in page.context["announced"]] == [2]
    assert queries.in_force(here.maker, soon) == [draft]
    assert here.questionnaire.lines.count() == 4


def test_a_figure_is_corrected_and_its_versions_stay_to_be_seen(here, as_maker, cast) -> None:
    send(here, row(quantity=100))
    where = address("figure", here, Report.objects.get().pk)
    assert signed_in(cast.outsider).get(where).status_code == 404
    assert signed_in(cast.reader).post(where, {"quantity": "5"}).status_code == 403
    assert as_maker.post(where, {"key": "x", "quantity": "1,2"}).status_code == 422
    answer = as_maker.post(where, {"key": "y", "quantity": "120", "source": "counted again"})
    assert answer.status_code == 302
    page = as_maker.get(answer["Location"])
    assert [v.quantity for v in page.context["versions"]] == [120, 100]


def workbook(data: bytes, **cells: object) -> bytes:
    """The template with quantities written into it, as a spreadsheet would."""
    import polars as pl

    frame = fastexcel.read_excel(data).load_sheet("reports").to_polars()
    frame = frame.with_columns(
        pl.Series("quantity", [cells.get(f"r{i}") for i in range(frame.height)], dtype=pl.String)
    )
    return frame.select(pl.all().cast(pl.String)).write_csv().encode()


def test_the_template_holds_the_questionnaire_and_comes_back_filled_in(here, as_maker) -> None:
    answer = as_maker.get(address("template", here, "maker", "makers"), {"day": "2020-02-01"})
    assert answer.status_code == 200
    book = fastexcel.read_excel(answer.content)
    assert book.sheet_names == ["reports", "_填表说明", "_questionnaire"]
    sheet = book.load_sheet("reports").to_polars()
    assert sheet["item"].to_list() == ["mask", "mask", "mask", "suit"]
    nothing = as_maker.post(address("upload", here), {"file": SimpleUploadedFile("t.xlsx", answer.content)})
    assert nothing.status_code == 422  # nothing was filled in


def upload(client: Client, here, data: bytes, name: str = "reports.csv"):
    return client.post(address("upload", here), {"file": SimpleUploadedFile(name, data)})


def test_every_row_of_a_file_is_accounted_for_and_refused_ones_come_back_with_why(here, as_maker) -> None:
    lines = [
        "item,measure,basis,date,quantity",
        "mask,output,day,2020-02-01,100",
        "maks,output,day,2020-02-01,100",
        "suit,output,day,2020-02-01,",
        "mask,stock,day,2020-02-01,7",
    ]
    answer = upload(as_maker, here, "\n".join(lines).encode())
    submission = Submission.objects.get()
    assert answer["Location"] == address("submission", here, submission.pk)
    assert (submission.rows, submission.accepted, submission.refused) == (4, 2, 2)
    assert {(f.row, f.rule) for f in submission.findings.all()} == {(3, "unknown_reference"), (4, "missing_value")}
    refused = b"".join(as_maker.get(address("refused_csv", here, submission.pk))).decode("utf-8-sig").splitlines()
    assert refused[0] == "item,measure,basis,date,quantity,why"
    assert refused[1].startswith("maks,output,day,2020-02-01,100,")
    mended = refused[0] + "\n" + refused[1].replace("maks", "mask", 1).replace("02-01", "02-02", 1)
    upload(as_maker, here, mended.encode())
    assert Submission.objects.order_by("pk").last().accepted == 1  # the column why is not read
    book = as_maker.get(address("refused_xlsx", here, submission.pk)).content
    assert fastexcel.read_excel(book).load_sheet("reports").to_polars().height == 2
    assert upload(as_maker, here, "\n".join(lines).encode())["Location"] == answer["Location"]
    assert Submission.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "data"), [("a.csv", b""), ("a.xlsx", b"no workbook"), ("a.xlsm", b"x"), ("a.csv", b"item;measure\n1;2")]
)
def test_a_file_that_cannot_be_read_is_refused_with_words(here, as_maker, name, data) -> None:
    assert upload(as_maker, here, data, name).status_code == 422
    assert Submission.objects.count() == 0


def test_who_did_not_report_and_who_was_late_is_visible(here, cast) -> None:
    send(here, row())
    received = datetime(2020, 2, 1, 8, tzinfo=UTC)
    Report.objects.update(received_at=received)
    by_code = {c.organisation.code: c.status for c in coverage(DAY, type(here.maker).objects.all())}
    assert by_code == {"maker": "reported", "other_maker": "missing"}
    Report.objects.update(received_at=received + timedelta(hours=9))
    by_code = {c.organisation.code: c.status for c in coverage(DAY, type(here.maker).objects.all())}
    assert by_code["maker"] == "late"
    now = datetime(2020, 2, 1, 3, tzinfo=UTC)
    assert coverage(DAY, type(here.maker).objects.filter(code="other_maker"), now)[0].status == "due"
    assert queries.missing_days(here.maker, DAY - timedelta(1), DAY + timedelta(1)) == [
        DAY - timedelta(1),
        DAY + timedelta(1),
    ]
    assert queries.last_report(here.maker) == DAY
    page = signed_in(cast.analyst).get(reverse("reporting:coverage"), {"day": "2020-02-01"})
    assert page.context["totals"]["missing"] == 1
    part = signed_in(cast.analyst).get(reverse("reporting:coverage"), {"day": "2020-02-01", "part": "summary"})
    assert b"<html" not in part.content
    export = signed_in(cast.analyst).get(reverse("reporting:coverage"), {"day": "2020-02-01", "export": "csv"})
    assert b"other_maker" in b"".join(export)


def test_an_alert_is_acknowledged_once_with_a_note_by_the_office(here, cast, as_maker) -> None:
    submission = send(here, row(blocker="staff"))
    alert = submission.findings.get()
    where = address("acknowledge", here, alert.pk)
    assert alert.rule == "report_terms"
    assert as_maker.post(where, {"note": "fine"}).status_code == 403
    assert signed_in(cast.outsider).post(where, {"note": "fine"}).status_code == 404
    office = signed_in(cast.analyst)
    assert office.get(where).status_code == 405
    assert queries.open_alerts(cast.analyst).count() == 1
    office.post(where, {"note": ""})
    assert queries.open_alerts(cast.analyst).count() == 1
    office.post(where, {"note": "asked by telephone"})
    office.post(where, {"note": "again"})
    alert.refresh_from_db()
    assert alert.acknowledgement.note == "asked by telephone"
    assert queries.open_alerts(cast.analyst).count() == 0
    assert AuditRow.objects.filter(action="reports.review").count() == 1
    assert office.get(address("finding", here, alert.pk)).status_code == 200
    assert office.get(reverse("reporting:findings"), {"state": "acknowledged"}).status_code == 200


def test_figures_are_asked_about_once_and_only_when_somebody_looks(here, as_maker) -> None:
    for n in range(8):
        send(here, row(day=f"2020-02-0{n + 1}", quantity=1234), key=f"k{n}")
    last = Submission.objects.order_by("pk").last()
    assert last.asked_at is None
    assert actions.ask(Submission.objects.all()) == 8
    assert actions.ask(Submission.objects.all()) == 0
    assert ReportFinding.objects.filter(rule="copied_forward").exists() or ReportFinding.objects.exists()


def test_a_questionnaire_is_made_changed_published_and_withdrawn(here, cast) -> None:
    client = signed_in(cast.analyst)
    index = reverse("reporting:questionnaires")
    assert signed_in(cast.reader).get(index).status_code == 403
    assert signed_in(cast.maker).get(address("questionnaire", here, here.questionnaire.pk)).status_code == 404
    assert signed_in(cast.east_analyst).get(address("questionnaire", here, here.questionnaire.pk)).status_code == 404
    new = {
        "code": "hospitals",
        "name": "Hospitals",
        "kind": "facility",
        "under": here.country.pk,
        "due_days": 0,
        "due_time": "20:00",
    }
    assert client.post(index, new).status_code == 302
    assert client.post(index, new).status_code == 422
    draft = Questionnaire.objects.get(code="hospitals")
    line = {"item": "mask", "measure": "stock", "basis": "day"}
    assert client.post(address("publish", here, draft.pk), {"valid_from": timezone.localdate()}).status_code == 302
    draft.refresh_from_db()
    assert draft.state == "draft"  # it has no line
    assert client.post(address("add_line", here, draft.pk), line).status_code == 302
    assert client.post(address("add_line", here, draft.pk), line).status_code == 422
    assert client.post(address("add_line", here, draft.pk), {**line, "basis": "cumulative"}).status_code == 422
    changed = {"name": "Hospitals and stores", "name_zh": "医院", "due_days": 1, "due_time": "10:00"}
    assert client.post(address("change_questionnaire", here, draft.pk), changed).status_code == 302
    assert client.get(address("questionnaire", here, draft.pk)).status_code == 200
    assert client.post(address("publish", here, draft.pk), {"valid_from": timezone.localdate()}).status_code == 302
    draft.refresh_from_db()
    assert (draft.state, draft.name, draft.due_days) == ("published", "Hospitals and stores", 1)
    assert client.post(address("add_line", here, draft.pk), {**line, "measure": "need"}).status_code == 302
    assert draft.lines.count() == 1  # a published version is never changed
    assert client.post(address("new_version", here, draft.pk)).status_code == 302
    second = Questionnaire.objects.get(code="hospitals", version=2)
    assert client.post(address("remove_line", here, second.lines.get().pk)).status_code == 302
    assert client.post(address("withdraw", here, draft.pk), {"reason": "a mistake"}).status_code == 302
    assert [(c.old, c.new) for c in draft.changes.order_by("pk")] == [
        ("", "draft"),
        ("draft", "published"),
        ("published", "withdrawn"),
    ]
    assert client.get(address("publish", here, draft.pk)).status_code == 405


def test_an_empty_cell_of_the_workbook_is_not_a_report_and_an_old_version_is_said(here, as_maker) -> None:
    import xlsxwriter

    later = actions.new_version(questionnaire=here.questionnaire, by=None)
    actions.publish(questionnaire=later, valid_from=timezone.localdate(), by=None)
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("reports")
        sheet.write_row(0, 0, ["item", "measure", "basis", "date", "quantity", "blocker"])
        sheet.write_row(1, 0, ["mask", "output", "day", "2020-02-01", 5])
        sheet.write_row(2, 0, ["mask", "stock", "day", "2020-02-01"])
        book.add_worksheet("_questionnaire").write_row(0, 0, ["questionnaire", "version"])
        book.get_worksheet_by_name("_questionnaire").write_row(1, 0, ["makers", "1"])
    answer = upload(as_maker, here, file.getvalue(), "t.xlsx")
    assert answer.status_code == 302
    submission = Submission.objects.get()
    assert (submission.rows, submission.accepted) == (1, 1)
    assert submission.questionnaire == here.questionnaire
    assert {f.rule for f in submission.findings.all()} == {"left_empty", "older_questionnaire"}


def test_two_questionnaires_for_different_provinces_ask_each_their_own(here) -> None:
    actions.withdraw(questionnaire=here.questionnaire, by=None, reason="")
    east = actions.add_questionnaire(code="east", name="East", kind="enterprise", under=here.east, by=None)
    actions.add_line(questionnaire=east, by=None, item="mask", measure="output", basis="day")
    actions.publish(questionnaire=east, valid_from=date(2020, 1, 1), by=None)
    assert [q.code for q in queries.in_force(here.maker, DAY)] == ["east"]
    assert queries.in_force(here.other_maker, DAY) == []
    assert queries.in_force(here.hospital, DAY) == []
