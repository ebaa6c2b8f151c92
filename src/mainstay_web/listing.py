"""Long tables, the same way everywhere: pages of rows, sorted by a column, searched, filtered, exported as CSV."""

from __future__ import annotations

import csv
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, reduce
from html import escape
from itertools import chain, islice
from typing import Any, Literal

import polars as pl
from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

PAGE = 50
"""Rows of a page."""
CHUNK = 2000
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would run when a cell begins with it."""


def by_path(row: Any, path: str) -> Any:
    """What stands at ``person__name`` of an object, or of a dict; None where the path ends early."""

    def step(thing: Any, name: str) -> Any:
        return thing.get(name) if isinstance(thing, dict) else getattr(thing, name, None)

    return reduce(step, path.split("__"), row)


@dataclass(frozen=True)
class Column:
    """One column of a listing.

    ``path`` leads to its field for sorting and, unless ``value`` says otherwise, to its cell; ``sorts`` False where
    the database cannot sort by it. ``href`` makes the cell a link, ``text`` says how the page shows a value (the
    export keeps the value itself), ``on_page`` False keeps it to the export.
    """

    name: str
    label: Any
    path: str = ""
    kind: Literal["text", "number"] = "text"
    sorts: bool = True
    value: Callable[[Any], Any] | None = None
    href: Callable[[Any], str] | None = None
    text: Callable[[Any], Any] | None = None
    on_page: bool = True

    @property
    def field(self) -> str:
        """Where the value lies in the row."""
        return self.path or self.name

    def of(self, row: Any) -> Any:
        """The value of a row."""
        return self.value(row) if self.value else by_path(row, self.field)


@dataclass(frozen=True)
class Filter:
    """A choice above the table; an empty choice leaves all. ``apply`` says what a choice does to the rows."""

    name: str
    label: Any
    choices: Sequence[tuple[str, Any]]
    path: str = ""
    apply: Callable[[Any, str], Any] | None = None

    def narrow(self, rows: Any, chosen: str) -> Any:
        """The rows that the choice leaves."""
        if self.apply:
            return self.apply(rows, chosen)
        if isinstance(rows, pl.LazyFrame):
            return rows.filter(pl.col(self.path or self.name).cast(pl.String) == chosen)
        return rows.filter(**{self.path or self.name: chosen})


@dataclass
class Listing:
    """A table of many rows for one request.

    Parameters
    ----------
    request : its query says page, sort (``-name``: falling), search ``q``, filters and ``export``
    rows : a queryset with all that cells need (``select_related``: no query per row), or a Polars frame
    columns : in order
    search : paths that the search looks into; of a queryset compared by ``icontains``
    order : how rows stand when the reader chose nothing, as in ``-at``
    prefix : of the names in the query and the ids, where one page has several listings
    number : says how many rows there are when nothing is searched or filtered, where that is known
    keep : keeps a page under a key (``memo.Memo.get`` and what it needs), where others ask for the same one
    told : what the columns show of a few rows, where that is not the rows themselves
    """

    request: HttpRequest
    rows: QuerySet[Any] | pl.DataFrame | pl.LazyFrame
    columns: Sequence[Column]
    search: Sequence[str] = ()
    filters: Sequence[Filter] = ()
    export_name: str = "table"
    caption: Any = ""
    order: str = ""
    prefix: str = ""
    size: int = PAGE
    empty: Any = ""
    number: Callable[[], int] | None = None
    keep: Callable[[Hashable, Callable[[], Any]], Any] | None = None
    told: Callable[[Sequence[Any]], Sequence[Any]] | None = None
    chosen: dict[str, str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for each in self.filters:
            chosen = self._asked(each.name)
            if chosen in {str(value) for value, _words in each.choices}:
                self.chosen[each.name] = chosen

    @property
    def id(self) -> str:
        """Id of the part that is swapped."""
        return f"{self.prefix}listing"

    @property
    def query(self) -> str:
        """What is searched for."""
        return self._asked("q").strip()[:200].replace("\x00", "")

    @property
    def sort(self) -> str:
        """The column sorted by, with - when falling; empty when the reader chose none that there is."""
        asked = self._asked("sort")
        return asked if any(c.name == asked.lstrip("-") and c.sorts for c in self.columns) else ""

    @property
    def page(self) -> Page[Any]:
        """The rows of the page asked for; a number past the end gives the last page."""
        return self._shown[0]

    @property
    def lines(self) -> list[str]:
        """Rows of the page as HTML; a template takes four times as long for so many cells."""
        return self._shown[1]

    @cached_property
    def _shown(self) -> tuple[Page[Any], list[str]]:
        if self.keep is None:
            return self._read()
        reader = get_language(), timezone.get_current_timezone_name()
        return self.keep((*reader, self.request.path, self.request.GET.urlencode()), self._read)

    def _read(self) -> tuple[Page[Any], list[str]]:
        page = self._page()
        told = self.told(list(page)) if self.told else page
        shown = [c for c in self.columns if c.on_page]
        return page, [mark_safe(f"<tr>{''.join(_cell(c, row) for c in shown)}</tr>") for row in told]

    def _page(self) -> Page[Any]:
        rows = self._found
        if isinstance(rows, pl.LazyFrame):
            rows = _Frame(rows)
        paginator = Paginator(rows, self.size)
        if self.number is not None and not self.chosen and not self.query:
            paginator.count = self.number()
        return paginator.get_page(self._asked("page") or 1)

    @property
    def headers(self) -> list[dict[str, Any]]:
        """Each column with the link that sorts by it and how it is sorted now."""
        return [self._header(c) for c in self.columns if c.on_page]

    @property
    def fields(self) -> list[dict[str, Any]]:
        """The filters as the form shows them."""
        return [
            {
                "id": f"{self.prefix}{f.name}",
                "label": f.label,
                "choices": [(str(v), words, str(v) == self.chosen.get(f.name)) for v, words in f.choices],
            }
            for f in self.filters
        ]

    @property
    def others(self) -> list[tuple[str, str]]:
        """What else the address says, which the form must keep."""
        own = {f"{self.prefix}{n}" for n in ("q", "page", "sort", "export", *(f.name for f in self.filters))}
        return [(name, value) for name, value in self.request.GET.items() if name not in own]

    @property
    def previous_href(self) -> str:
        """Address of the page before."""
        return self._href(page=self.page.previous_page_number())

    @property
    def next_href(self) -> str:
        """Address of the page after."""
        return self._href(page=self.page.next_page_number())

    @property
    def export_href(self) -> str:
        """Address of all rows found, as CSV."""
        return self._href(page=None, export="csv")

    def answer(self, template: str, context: dict[str, Any] | None = None) -> HttpResponse | StreamingHttpResponse:
        """The CSV when it is asked for, the table alone for htmx, else the page with ``listing`` in its context."""
        if self._asked("export") == "csv":
            return self.export()
        context = {**(context or {}), "listing": self}
        if self.request.headers.get("HX-Target", "").endswith(f"#{self.id}"):
            response = render(self.request, "listing_rows.html", context)
        else:
            response = render(self.request, template, context)
        response.headers["Vary"] = "HX-Target, Cookie"
        return response

    def export(self) -> StreamingHttpResponse:
        """All rows found, in their order, streamed."""
        values = ([c.of(row) for c in self.columns] for row in self._all())
        return csv_answer(self.export_name, [c.name for c in self.columns], values)

    def _all(self) -> Iterable[Any]:
        rows = self._found
        if isinstance(rows, pl.LazyFrame):
            return rows.collect().iter_rows(named=True)
        found = rows.iterator(chunk_size=CHUNK)
        return chain.from_iterable(map(self.told, _parts(found))) if self.told else found

    @cached_property
    def _found(self) -> Any:
        rows = self.rows.lazy() if isinstance(self.rows, pl.DataFrame) else self.rows
        for each in self.filters:
            if each.name in self.chosen:
                rows = each.narrow(rows, self.chosen[each.name])
        if self.query and self.search:
            rows = _searched(rows, self.search, self.query)
        return self._sorted(rows)

    def _sorted(self, rows: Any) -> Any:
        sort = self.sort
        paths = {c.name: c.field for c in self.columns}
        path = paths[sort.lstrip("-")] if sort else self.order.lstrip("-")
        falls = (sort or self.order).startswith("-")
        if not path:
            return rows
        if isinstance(rows, pl.LazyFrame):
            return rows.sort(path, descending=falls, nulls_last=True, maintain_order=True)
        if path == "pk":
            return rows.order_by("-pk" if falls else "pk")
        by = F(path).desc(nulls_last=True) if falls else F(path).asc(nulls_last=True)
        return rows.order_by(by, "pk")

    def _asked(self, name: str) -> str:
        return str(self.request.GET.get(f"{self.prefix}{name}", ""))

    def _href(self, **changes: Any) -> str:
        query = self.request.GET.copy()
        query.pop(f"{self.prefix}export", None)
        for name, value in changes.items():
            if value is None:
                query.pop(f"{self.prefix}{name}", None)
            else:
                query[f"{self.prefix}{name}"] = str(value)
        return f"{self.request.path}?{query.urlencode()}"

    def _header(self, column: Column) -> dict[str, Any]:
        shown = self.sort or self.order
        is_sorted = shown.lstrip("-") in (column.name, column.field)
        falls = is_sorted and shown.startswith("-")
        rises = is_sorted and not falls
        return {
            "id": f"{self.prefix}sort-{column.name}",
            "label": column.label,
            "kind": column.kind,
            "aria": "descending" if falls else "ascending" if rises else "",
            "href": self._href(page=None, sort=f"-{column.name}" if rises else column.name) if column.sorts else "",
        }


def _cell(column: Column, row: Any) -> str:
    value = column.of(row)
    text = column.text(value) if column.text else shown(value)
    words = text if isinstance(text, SafeString) else escape(str(text))
    if text and column.href and (href := column.href(row)):
        words = f'<a href="{escape(href)}">{words}</a>'
    return f'<td class="number">{words}</td>' if column.kind == "number" else f"<td>{words}</td>"


class _Frame:
    """What a paginator wants of rows: their number, and a slice of them."""

    def __init__(self, rows: pl.LazyFrame) -> None:
        self._rows = rows

    def count(self) -> int:
        return int(self._rows.select(pl.len()).collect().item())

    def __getitem__(self, part: slice) -> list[dict[str, Any]]:
        return self._rows.slice(part.start, part.stop - part.start).collect().to_dicts()


def _searched(rows: Any, paths: Sequence[str], query: str) -> Any:
    """Rows in which each word stands in one of the fields."""
    for word in query.split():
        if isinstance(rows, pl.LazyFrame):
            rows = rows.filter(
                pl.any_horizontal(
                    pl.col(p).cast(pl.String).str.to_lowercase().str.contains(word.lower(), literal=True) for p in paths
                )
            )
        else:
            rows = rows.filter(reduce(Q.__or__, (Q(**{f"{p}__icontains": word}) for p in paths)))
    return rows


def shown(value: Any) -> str:
    """A value as a page shows it, in the reader's language and time."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value) if timezone.is_aware(value) else value, "Y-m-d H:i")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        whole, _point, rest = f"{value:.10g}".partition(".")
        if "e" in whole + rest:
            return f"{value:.10g}"
        return number_format(int(whole), use_l10n=True, force_grouping=True) + (f".{rest}" if rest else "")
    return str(value)


def harmless(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula; numbers stay numbers."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, float) and value.is_integer():
        return f"{value:.15g}"
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value


def _parts(rows: Iterator[Any]) -> Iterator[list[Any]]:
    """Rows in parts of a few hundred."""
    while part := list(islice(rows, 500)):
        yield part


class _Echo:
    """Gives back what the CSV writer writes."""

    def write(self, text: str) -> str:
        return text


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Lines of a CSV file that a spreadsheet opens as UTF-8, every cell harmless."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow([harmless(name) for name in header])
    for row in rows:
        yield writer.writerow([harmless(value) for value in row])


def csv_answer(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """A CSV file to keep, streamed."""
    response = StreamingHttpResponse(_joined(csv_lines(header, rows)), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _joined(lines: Iterator[str]) -> Iterator[str]:
    """Lines in parts of many, which travel faster than one by one."""
    part: list[str] = []
    for line in lines:
        part.append(line)
        if len(part) == CHUNK:
            yield "".join(part)
            part = []
    if part:
        yield "".join(part)
