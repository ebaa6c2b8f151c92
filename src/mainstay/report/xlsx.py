"""Frames as sheets of an XLSX file, whole columns at a time.

A workbook of results has a million cells and no formulas. Writing the sheets' XML by column expressions takes a
tenth of the time of writing cell by cell. The format is that of ECMA-376, part 1, chapter 18 (SpreadsheetML).
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import polars as pl

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOC = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_EXCEL_EPOCH = 25_569
"""Days from the first day of Excel's calendar (1900) to 1 January 1970."""

PLAIN, BOLD, DATE, NUMBER = range(4)
"""Styles of cells, by their number in ``_STYLES``."""

_STYLES = f"""{_HEAD}<styleSheet xmlns="{_MAIN}">
<numFmts count="1"><numFmt numFmtId="164" formatCode="#,##0.###"/></numFmts>
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>
<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>
<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>
<fill><patternFill patternType="solid"><fgColor rgb="FFE8EEF1"/></patternFill></fill></fills>
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>
<cellStyleXfs count="1"><xf/></cellStyleXfs>
<cellXfs count="4"><xf/><xf fontId="1" fillId="2" applyFont="1" applyFill="1"/><xf numFmtId="14" applyNumberFormat="1"/>
<xf numFmtId="164" applyNumberFormat="1"/></cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""


@dataclass(frozen=True)
class Sheet:
    """One sheet: its column heads and rows, the width of each column, and lines of text above and below.

    links : first cell of a row (counted from 0 below the head) -> the sheet it leads to
    """

    name: str
    frame: pl.DataFrame
    widths: Sequence[int]
    above: Sequence[Sequence[str]] = ()
    below: Sequence[str] = ()
    links: dict[int, str] | None = None


def write_xlsx(path: Path, sheets: Sequence[Sheet]) -> None:
    """Write the sheets as one workbook, in their order."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as book:
        book.writestr("[Content_Types].xml", _content_types(len(sheets)))
        book.writestr("_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")]))
        parts = [("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)]
        book.writestr("xl/_rels/workbook.xml.rels", _relations([*parts, ("styles", "styles.xml")]))
        book.writestr("xl/workbook.xml", _workbook(sheets))
        book.writestr("xl/styles.xml", _STYLES)
        for number, sheet in enumerate(sheets, start=1):
            book.writestr(f"xl/worksheets/sheet{number}.xml", _sheet(sheet))


def _content_types(sheets: int) -> str:
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for n in range(1, sheets + 1)
    )
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>{parts}</Types>'
    )


def _relations(parts: Sequence[tuple[str, str]]) -> str:
    rows = "".join(
        f'<Relationship Id="rId{n}" Type="{_DOC}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(parts, start=1)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{rows}</Relationships>'


def _workbook(sheets: Sequence[Sheet]) -> str:
    rows = "".join(
        f'<sheet name="{escape(s.name)}" sheetId="{n}" r:id="rId{n}"/>' for n, s in enumerate(sheets, start=1)
    )
    return f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_DOC}"><sheets>{rows}</sheets></workbook>'


def _sheet(sheet: Sheet) -> str:
    head = len(sheet.above) + 1
    last = head + sheet.frame.height
    above = "".join(_text_row(n, texts) for n, texts in enumerate(sheet.above, start=1))
    names = _text_row(head, sheet.frame.columns, BOLD)
    below = "".join(_text_row(last + 1 + n, [text]) for n, text in enumerate(sheet.below, start=1))
    widths = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>' for n, width in enumerate(sheet.widths, start=1)
    )
    links = "".join(
        f'<hyperlink ref="A{head + 1 + row}" location="{escape(chr(39) + to + chr(39))}!A1"/>'
        for row, to in (sheet.links or {}).items()
    )
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        f'<pane ySplit="{head}" topLeftCell="A{head + 1}" activePane="bottomLeft" state="frozen"/>'
        "</sheetView></sheetViews>"
        f"<cols>{widths}</cols><sheetData>{above}{names}{_rows(sheet.frame, head + 1)}{below}</sheetData>"
        f'<autoFilter ref="A{head}:{_letter(sheet.frame.width - 1)}{max(last, head)}"/>'
        f"{f'<hyperlinks>{links}</hyperlinks>' if links else ''}</worksheet>"
    )


def _text_row(number: int, texts: Sequence[str], style: int = PLAIN) -> str:
    cells = "".join(
        f'<c r="{_letter(n)}{number}" s="{style}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
        for n, text in enumerate(texts)
    )
    return f'<row r="{number}">{cells}</row>'


def _rows(frame: pl.DataFrame, first: int) -> str:
    """All rows as XML, made column by column; an empty cell is left out."""
    if not frame.height:
        return ""
    row = pl.int_range(first, first + frame.height).cast(pl.String)
    cells = [_cell(frame.schema[name], name, _letter(n), row) for n, name in enumerate(frame.columns)]
    lines = frame.select(pl.concat_str(pl.lit('<row r="'), row, pl.lit('">'), *cells, pl.lit("</row>")))
    return "".join(lines.to_series())


def _cell(kind: pl.DataType, name: str, letter: str, row: pl.Expr) -> pl.Expr:
    """The XML of one column's cells."""
    at = [pl.lit(f'<c r="{letter}'), row]
    value = pl.col(name)
    if kind.is_numeric():
        finite = pl.when(value.is_finite()).then(value.cast(pl.String)) if kind.is_float() else value.cast(pl.String)
        cell = pl.concat_str(*at, pl.lit(f'" s="{NUMBER}"><v>'), finite, pl.lit("</v></c>"))
    elif kind == pl.Date:
        days = (value.cast(pl.Int32) + _EXCEL_EPOCH).cast(pl.String)
        cell = pl.concat_str(*at, pl.lit(f'" s="{DATE}"><v>'), days, pl.lit("</v></c>"))
    else:
        text = value.cast(pl.String).str.replace_all(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "")
        for plain, escaped in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
            text = text.str.replace_all(plain, escaped, literal=True)
        cell = pl.concat_str(*at, pl.lit('" t="inlineStr"><is><t>'), text, pl.lit("</t></is></c>"))
    return cell.fill_null("")


def _letter(number: int) -> str:
    """The letters of a column, counted from 0.

    >>> _letter(0), _letter(27)
    ('A', 'AB')
    """
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
