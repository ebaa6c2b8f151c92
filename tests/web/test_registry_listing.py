"""Long tables: pages, sort, search, filters, export."""

import csv
import io
import re
from datetime import date
from html import unescape

import polars as pl
import pytest
from django.test import RequestFactory
from django.utils.html import escape

from mainstay_web.accounts.models import Organisation
from mainstay_web.listing import Column, Filter, Listing, harmless

COLUMNS = (Column("code", "Code"), Column("name", "Name"), Column("parent", "Above", path="parent__name"))


def listing(query: str = "", rows=None, **more) -> Listing:
    rows = Organisation.objects.select_related("parent") if rows is None else rows
    return Listing(RequestFactory().get(f"/list/?{query}"), rows, more.pop("columns", COLUMNS), **more)


def texts(found: Listing, column: int = 0) -> list[str]:
    cells = (re.findall(r"<td[^>]*>(.*?)</td>", line) for line in found.lines)
    return [unescape(re.sub(r"<[^>]+>", "", row[column])) for row in cells]


def read_csv(response) -> list[list[str]]:
    data = b"".join(response.streaming_content)
    assert data.startswith(b"\xef\xbb\xbf"), "a spreadsheet needs the mark to read UTF-8"
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def test_rows_come_in_pages_of_fifty_and_a_page_past_the_end_is_the_last() -> None:
    frame = pl.DataFrame({"n": range(120)})
    found = listing("page=99", frame, columns=[Column("n", "N", kind="number")])
    assert texts(found) == [str(n) for n in range(100, 120)]
    assert found.page.paginator.num_pages == 3
    assert listing("page=x", frame, columns=[Column("n", "N")]).page.number == 1


def test_a_header_sorts_and_sorts_back(places) -> None:
    rising = listing("sort=code")
    assert texts(rising) == sorted(texts(rising))
    header = rising.headers[0]
    assert header["aria"] == "ascending"
    assert header["href"] == "/list/?sort=-code"
    assert texts(listing("sort=-code")) == sorted(texts(rising), reverse=True)


def test_a_sort_by_what_is_no_column_is_not_tried(places) -> None:
    assert listing("sort=password").sort == ""
    assert listing("sort=password").page.paginator.count == 7


def test_missing_values_stand_last_whichever_way_the_table_is_sorted(places) -> None:
    assert texts(listing("sort=parent"), 0)[-1] == "country"
    assert texts(listing("sort=-parent"), 0)[-1] == "country"
    frame = pl.DataFrame({"n": [None, 2, 1]})
    assert texts(listing("sort=-n", frame, columns=[Column("n", "N")])) == ["2", "1", ""]


def test_every_word_that_is_searched_for_must_be_found(places) -> None:
    assert texts(listing("q=MAKER other", search=("code", "name"))) == ["other_maker"]
    frame = pl.DataFrame({"code": ["mask", "gown"], "name": ["口罩", "隔离衣"]})
    assert texts(listing("q=口罩", frame, columns=COLUMNS[:2], search=("name",))) == ["mask"]


def test_a_filter_narrows_and_an_unknown_choice_does_not(places) -> None:
    kinds = Filter("kind", "Kind", Organisation.Kind.choices)
    assert texts(listing("kind=country", filters=[kinds])) == ["country"]
    assert listing("kind=%27%20or%201", filters=[kinds]).page.paginator.count == 7


def test_links_keep_what_else_was_chosen(places) -> None:
    found = listing("q=a&kind=enterprise&page=2", search=("code",), filters=[Filter("kind", "Kind", [("x", "x")])])
    assert found.headers[1]["href"] == "/list/?q=a&kind=enterprise&sort=name"
    assert found.export_href == "/list/?q=a&kind=enterprise&export=csv"


def test_a_page_of_rows_takes_two_queries_whatever_their_number(places, django_assert_num_queries) -> None:
    found = listing("sort=parent")
    with django_assert_num_queries(2):
        assert len(found.lines) == 7


def test_the_export_has_all_rows_found_and_opens_as_utf_8(places) -> None:
    Organisation.objects.filter(code="maker").update(name="口罩厂")
    rows = read_csv(listing("q=口罩&export=csv", search=("name",)).answer("unused.html"))
    assert rows == [["code", "name", "parent"], ["maker", "口罩厂", "East"]]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")'])
def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(text: str) -> None:
    frame = pl.DataFrame({"note": [text]})
    rows = read_csv(listing("export=csv", frame, columns=[Column("note", "Note")]).answer("unused.html"))
    assert rows[1] == [f"'{text}"]


def test_numbers_dates_and_truths_are_exported_as_they_are_read() -> None:
    values = [-5, -0.25, 12000.0, True, date(2020, 1, 24), None, "plain"]
    assert [harmless(v) for v in values] == [-5, -0.25, "12000", "true", date(2020, 1, 24), None, "plain"]


def test_the_rows_alone_answer_htmx_and_texts_are_escaped(places, rf) -> None:
    Organisation.objects.filter(code="maker").update(name="<b>Maker</b>")
    request = rf.get("/list/", headers={"HX-Request": "true", "HX-Target": "div#listing"})
    page = Listing(request, Organisation.objects.select_related("parent"), COLUMNS).answer("base.html").content.decode()
    assert "<html" not in page
    assert escape("<b>Maker</b>") in page
