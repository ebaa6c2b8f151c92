"""Files that people send: a workbook, a zip of CSV files or one CSV, opened only after it was judged.

What a file claims is not believed: sizes are counted while it is unpacked, its kind is read off its first bytes, and
the number of cells off the sheets themselves, before anything is built in memory. Nothing in a file is ever run.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any, Literal

import polars as pl
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.utils.translation import gettext as _

from mainstay.tables import CASE_TABLES, Case, Finding, Findings, check
from mainstay.tables.case import AREAS
from mainstay.tables.csv_file import read_csv
from mainstay.tables.declaration import Table
from mainstay.tables.findings import Both
from mainstay.tables.raw import Raw, unreadable
from mainstay.tables.read import SETTINGS_FILE
from mainstay.tables.workbook import Workbook, WorkbookError, read_sheet

UNPACKED_LIMIT = 256 * 1024 * 1024
"""Bytes of all that is packed into a workbook or a zip."""
RATIO_LIMIT = 200
"""How many times larger a packed file may become; sheets of tables become 5 to 40 times larger."""
RATIO_FROM = 1024 * 1024
PARTS_LIMIT = 1000
CELLS_LIMIT = 10_000_000
"""Cells of one sheet, empty ones within its corners included: the reader makes room for all of them."""
TEXT_LIMIT = 2 * 1024**3
CHUNK = 1024 * 1024

Kind = Literal["workbook", "zip", "csv"]
SUFFIXES: dict[str, Kind] = {".xlsx": "workbook", ".zip": "zip", ".csv": "csv"}
MACROS = (".xlsm", ".xltm", ".xlam")
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"

_CELL = re.compile(rb"""\br=["']([A-Z]{1,3})(\d{1,7})["']""")
_ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\br=["'](\d{1,7})["']""")
_FORMULA = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\br=["']([A-Z]{1,3}\d{1,7})["'][^>]*>\s*<(?:\w+:)?f[\s/>]""")
_SHARED = re.compile(rb"""\bt=["']s["']""")
_STRING = re.compile(rb"<(?:\w+:)?si\b.*?</(?:\w+:)?si>", re.DOTALL)


class Refused(Exception):  # noqa: N818 (the file is refused; the platform did not fail)
    """The file is not taken; the text says why and what to do, in the reader's language."""


@dataclass(frozen=True)
class Upload:
    """A file that was judged safe to read."""

    name: str
    kind: Kind
    data: bytes
    findings: tuple[Finding, ...] = ()

    def case(self) -> tuple[Case | None, Findings]:
        """The whole case in a workbook or zip, checked as a folder is; None when its tables have errors."""
        with TemporaryDirectory(prefix="mainstay-") as folder:
            found = check(self._put_into(Path(folder)))
        case, findings = found
        return case, Findings([*self.findings, *findings], findings.rows)

    def table(self, table: Table) -> Raw:
        """One table: the CSV, or the sheet of its name, or the only sheet; raw, with what was found on the way."""
        if self.kind == "csv":
            return _as_exported(read_csv(table, self.name, self.data))
        try:
            book = Workbook(self.data)
            names = [n for n in book.sheet_names if not n.startswith("_")]
            name = table.name if table.name in names else names[0] if len(names) == 1 else ""
            if not name:
                return unreadable(_no_sheet(table, self.name, names))
            raw = read_sheet(table, book.sheet(name))
        except WorkbookError as error:
            return unreadable(_damaged(table.name, self.name, str(error)))
        formulas = tuple(f for f in self.findings if f.table == name)
        return Raw(raw.table, raw.cells, (*formulas, *raw.findings), raw.broken, raw.refused_rows)

    def _put_into(self, folder: Path) -> Path:
        """Write what a case consists of; names of folders in a zip are not followed."""
        if self.kind == "workbook":
            path = folder / "case.xlsx"
            path.write_bytes(self.data)
            return path
        with zipfile.ZipFile(io.BytesIO(self.data)) as archive:
            for info in archive.infolist():
                name = PurePosixPath(info.filename.replace("\\", "/")).name
                if not info.is_dir() and _is_of_a_case(name):
                    (folder / name).write_bytes(archive.read(info))
        return folder


def _as_exported(raw: Raw) -> Raw:
    """Take off the mark that an export puts before cells that a spreadsheet would run (``listing.harmless``)."""
    marked = pl.col(pl.String).str.replace(r"^'([=+\-@\t\r])", "$1")
    return replace(raw, cells=raw.cells.with_columns(marked)) if raw.cells.height else raw


def receive(file: UploadedFile, kinds: Collection[Kind] = ("workbook", "zip", "csv")) -> Upload:
    """The file, when it is of a kind that is wanted and within all bounds.

    Raises
    ------
    Refused : it is not; nothing of it was kept
    """
    name = Path(file.name or "").name
    suffix = Path(name).suffix.lower()
    if (file.size or 0) > settings.UPLOAD_LIMIT:
        raise Refused(
            _("%(name)s is larger than %(most)d MB. Send it in parts, or as CSV.")
            % {"name": name, "most": settings.UPLOAD_LIMIT // 1024**2}
        )
    if suffix in MACROS:
        raise Refused(_has_macros(name))
    kind = SUFFIXES.get(suffix)
    if kind is None or kind not in kinds:
        wanted = ", ".join(s for s, k in SUFFIXES.items() if k in kinds)
        raise Refused(
            _("%(name)s is not of a kind that is read here. Send one of: %(wanted)s.")
            % {"name": name, "wanted": wanted}
        )
    data = file.read()
    if kind == "csv":
        return Upload(name, kind, data)
    return Upload(name, kind, data, tuple(_judge(name, kind, data)))


def _judge(name: str, kind: Kind, data: bytes) -> list[Finding]:
    """Look through a packed file; findings about formulas, or Refused."""
    if data.startswith(OLD_WORKBOOK):
        raise Refused(
            _("%(name)s is an old workbook (.xls) or is locked by a password. Save it as .xlsx without a password.")
            % {"name": name}
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _bounded(name, archive, len(data))
            return list(_workbook(name, archive)) if kind == "workbook" else _zip(name, archive)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise Refused(_not_of_its_kind(name, kind)) from error


def _bounded(name: str, archive: zipfile.ZipFile, packed: int) -> None:
    """Unpack every part once, counting; a part whose size or sum is not what it says raises BadZipFile."""
    parts = archive.infolist()
    too_large = Refused(
        _("%(name)s becomes too large when it is unpacked, as a zip bomb does; it was not read. Send less in one file.")
        % {"name": name}
    )
    if len(parts) > PARTS_LIMIT or sum(part.file_size for part in parts) > UNPACKED_LIMIT:
        raise too_large
    total = 0
    for part in parts:
        if part.flag_bits & 1:
            raise Refused(_("%(name)s is locked by a password. Send it without one.") % {"name": name})
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused(_not_of_its_kind(name, "zip"))
        if part.file_size > RATIO_FROM and part.file_size > RATIO_LIMIT * max(part.compress_size, 1):
            raise too_large
        with archive.open(part) as content:
            while chunk := content.read(CHUNK):
                total += len(chunk)
                if total > UNPACKED_LIMIT or (total > RATIO_FROM and total > RATIO_LIMIT * packed):
                    raise too_large


def _zip(name: str, archive: zipfile.ZipFile) -> list[Finding]:
    names = [PurePosixPath(n.replace("\\", "/")).name for n in archive.namelist() if not n.endswith("/")]
    kept = [n for n in names if _is_of_a_case(n)]
    if "workbook.xml" in names and not kept:
        raise Refused(_("%(name)s is a workbook. Rename it so that it ends with .xlsx.") % {"name": name})
    if not kept:
        raise Refused(
            _("%(name)s holds no table. Put case.toml and the tables into it, such as items.csv and places.csv.")
            % {"name": name}
        )
    if len(kept) != len(set(kept)):
        twice = next(n for n in kept if kept.count(n) > 1)
        raise Refused(_("%(name)s holds %(file)s twice. Keep one of them.") % {"name": name, "file": twice})
    return []


def _workbook(name: str, archive: zipfile.ZipFile) -> Iterator[Finding]:
    parts = archive.namelist()
    if "xl/workbook.xml" not in parts or "[Content_Types].xml" not in parts:
        raise Refused(_not_of_its_kind(name, "workbook"))
    if b"macroEnabled" in archive.read("[Content_Types].xml") or any(p.endswith("vbaProject.bin") for p in parts):
        raise Refused(_has_macros(name))
    longest = _longest_text(archive)
    for sheet, part in _sheets(archive):
        xml = archive.read(part)
        if _cells(xml) > CELLS_LIMIT:
            raise Refused(
                _(
                    "%(name)s, sheet %(sheet)s: its cells reach too far to the right or down. "
                    "Delete the empty rows and columns behind the table, or send CSV."
                )
                % {"name": name, "sheet": sheet}
            )
        if longest * len(_SHARED.findall(xml)) > TEXT_LIMIT:
            raise Refused(
                _("%(name)s, sheet %(sheet)s: its texts are too long for so many cells. Shorten them, or send CSV.")
                % {"name": name, "sheet": sheet}
            )
        formulas = _FORMULA.findall(xml)
        if formulas:
            yield _formulas(sheet, formulas)


def _longest_text(archive: zipfile.ZipFile) -> int:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return 0
    return max((len(m) for m in _STRING.findall(archive.read("xl/sharedStrings.xml"))), default=0)


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Each part with cells, with the name of its sheet."""
    book = archive.read("xl/workbook.xml").decode("utf-8", "replace")
    names: dict[str, str] = {}
    if "xl/_rels/workbook.xml.rels" in archive.namelist():
        links = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
        targets = {}
        for tag in re.findall(r"<(?:\w+:)?Relationship\b[^>]*>", links):
            link = _attributes(tag)
            targets[link.get("Id", "")] = PurePosixPath(link.get("Target", "")).name
        for tag in re.findall(r"<(?:\w+:)?sheet\b[^>]*>", book):
            sheet = _attributes(tag)
            linked = next((v for k, v in sheet.items() if k.endswith(":id")), "")
            names[targets.get(linked, "")] = unescape(sheet.get("name", ""))
    for part in archive.namelist():
        if part.startswith("xl/") and part.endswith(".xml") and "sheet" in part.lower():
            file = PurePosixPath(part).name
            yield names.get(file, file), part


def _attributes(tag: str) -> dict[str, str]:
    return {name: double or single for name, double, single in re.findall(r"""([\w:]+)=(?:"([^"]*)"|'([^']*)')""", tag)}


def _cells(xml: bytes) -> int:
    """Cells of the rectangle from the first cell of the sheet to the last one that it names."""
    columns, rows = set(), [int(n) for n in _ROW.findall(xml)]
    last = 1
    for letters, row in _CELL.findall(xml):
        columns.add(letters)
        last = max(last, int(row))
    width = max((_number(letters) for letters in columns), default=1)
    return width * max([last, *rows])


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _formulas(sheet: str, cells: list[bytes]) -> Finding:
    first = cells[0].decode()
    row = int(re.sub(r"\D", "", first))
    count = "1 cell holds a formula" if len(cells) == 1 else f"{len(cells):,} cells hold formulas"
    return Finding(
        sheet,
        row,
        "",
        first,
        "formula",
        Both(
            f"{count} (the first is {first}); the value that the spreadsheet last computed was read, not the formula.",
            f"{len(cells):,} 个单元格含公式（首个为 {first}）；读取的是电子表格上次计算的数值，不是公式。",
        ),
        Both(
            "If a value is missing or old, open the file in the spreadsheet, let it compute, save it and send "
            "it again.",
            "若数值缺失或过旧，请用电子表格软件打开、计算并保存后重新上传。",
        ),
        "warning",
    )


def _no_sheet(table: Table, file: str, names: list[str]) -> Finding:
    return Finding(
        table.name,
        None,
        "",
        ", ".join(names)[:200],
        "missing_table",
        Both(f"{file} has no sheet {table.name}.", f"{file} 没有工作表 {table.name}。"),
        Both(
            f"Name the sheet with the rows {table.name}, or send a workbook of one sheet.",
            f"请将数据所在工作表命名为 {table.name}，或上传只有一个工作表的工作簿。",
        ),
    )


def _damaged(table: str, file: str, why: str) -> Finding:
    return Finding(
        table,
        None,
        "",
        "",
        "not_a_workbook",
        Both(f"{file} cannot be opened ({why[:120]}).", f"无法打开 {file}。"),
        Both("Open it in a spreadsheet and save it again as .xlsx.", "请用电子表格软件打开，另存为 .xlsx。"),
    )


def _has_macros(name: str) -> str:
    return _("%(name)s can hold macros, which are never taken. Save it as a workbook without macros (.xlsx).") % {
        "name": name
    }


def _not_of_its_kind(name: str, kind: Kind) -> str:
    if kind == "workbook":
        return _("%(name)s is not a workbook, or is damaged. Open it in a spreadsheet and save it as .xlsx.") % {
            "name": name
        }
    return _("%(name)s is not a zip file that can be read, or is damaged. Pack the files again as .zip.") % {
        "name": name
    }


def _is_of_a_case(name: str) -> bool:
    stem, suffix = Path(name).stem, Path(name).suffix
    return name in (SETTINGS_FILE, AREAS) or (stem in CASE_TABLES and suffix == ".csv")


class UploadField(forms.FileField):
    """A form's file, cleaned into an ``Upload``."""

    def __init__(self, *, kinds: Collection[Kind] = ("workbook", "zip", "csv"), **kwargs: Any) -> None:
        self.kinds = kinds
        accept = ",".join(s for s, k in SUFFIXES.items() if k in kinds)
        super().__init__(widget=forms.FileInput(attrs={"accept": accept}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The judged file.

        Raises
        ------
        ValidationError : it is refused, with the reason
        """
        file = super().clean(data, initial)
        if file is None:
            return None
        try:
            return receive(file, self.kinds)
        except Refused as refused:
            raise ValidationError(str(refused)) from refused


class Bounded(FileUploadHandler):
    """First of the upload handlers: what comes past the limit is counted and thrown away, not stored."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin to count."""
        super().new_file(*args, **kwargs)
        self.size = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Pass on what lies within the limit."""
        self.size += len(raw_data)
        return raw_data if self.size <= settings.UPLOAD_LIMIT else None

    def file_complete(self, file_size: int) -> UploadedFile | None:
        """A name and a size without content for a file past the limit, so that the form can say so."""
        if self.size <= settings.UPLOAD_LIMIT:
            return None
        for other in self.request.upload_handlers[1:]:
            other.upload_interrupted()
        return UploadedFile(io.BytesIO(), self.file_name, self.content_type, self.size)
