"""Why a text is not what its column wants, and what to write instead."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from mainstay.tables.declaration import Column

EXCEL_ERROR = r"(?i:^#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|##+)$)"
_PLACEHOLDERS = ("-", "--", "—", "/", "n/a", "na", "none", "null", "nil", "?", "无", "暂无", "不详", "空")
_TIMES = {"万": 1e4, "亿": 1e8, "千": 1e3, "百": 1e2, "k": 1e3, "m": 1e6}
_EXCEL_EPOCH = date(1899, 12, 30)


@dataclass(frozen=True)
class Refusal:
    """Rule that a text breaks, in words, with the remedy."""

    rule: str
    message: str
    remedy: str


def refusal(column: Column, text: str) -> Refusal:
    """What is wrong with a cell that could not be read as its column's type."""
    if re.fullmatch(EXCEL_ERROR, text):
        return Refusal(
            "excel_error",
            f'"{text}" is an error of the spreadsheet, not a value.',
            "Repair the formula, or clear the cell if the value is not known.",
        )
    if column.type in ("number", "integer"):
        return _not_a_number(column, text)
    if column.type == "date":
        return _not_a_date(text)
    if column.type == "boolean":
        return Refusal("wrong_type", f'"{text}" is neither true nor false.', "Write true or false.")
    if column.type == "list" and "；" in text:
        return Refusal(
            "wrong_type",
            f'"{text}" has a full-width semicolon between its parts.',
            f"Write {text.replace('；', ';')}.",
        )
    shown = re.sub(
        r"[^\x20-\x7e\u00a1-\uffef]|[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufffd]",
        "\N{WHITE SQUARE}",
        text,
    )
    return Refusal(
        "invisible_character",
        f'"{shown}" holds a character that cannot be seen (shown as \N{WHITE SQUARE}).',
        "Type the cell again.",
    )


def _not_a_number(column: Column, text: str) -> Refusal:
    unit = f" in {column.unit}" if column.unit else ""
    wanted = "a whole number" if column.type == "integer" else "a number"
    plain = unicodedata.normalize("NFKC", text).replace("\N{MINUS SIGN}", "-").strip()
    if plain != text and _is_number(plain):
        return Refusal("full_width_digits", f'"{text}" is written with full-width digits.', f"Write {plain}{unit}.")
    if re.fullmatch(r"[+-]?\d{1,3}([,' \u00a0\u2009]\d{3})+(\.\d+)?", plain):
        bare = re.sub(r"[,' \u00a0\u2009]", "", plain)
        return Refusal(
            "thousands_separator",
            f'"{text}" is not {wanted}: it has separators between thousands.',
            f"Give {wanted}{unit} without them: {bare}.",
        )
    if re.fullmatch(r"[+-]?(\d{1,3}(\.\d{3})+|\d+)?,\d+", plain):
        bare = plain.replace(".", "").replace(",", ".")
        return Refusal("decimal_comma", f'"{text}" has a decimal comma.', f"Write a point: {bare}, if that is meant.")
    if plain.endswith("%") and _is_number(plain[:-1].strip()):
        share = float(plain[:-1]) / 100
        return Refusal(
            "percent",
            f'"{text}" is a percentage; shares are written from 0 to 1.',
            f"Write {share:.12g}.",
        )
    if plain.lower().lstrip("+-") in ("inf", "infinity", "nan", "∞"):
        remedy = "Leave the cell empty for no limit or not known." if not column.required else f"Give {wanted}{unit}."
        return Refusal("not_finite", f'"{text}" is not a number that can be counted with.', remedy)
    if plain.lower() in _PLACEHOLDERS:
        remedy = (
            f"Give {wanted}{unit}."
            if column.required
            else "Leave the cell empty when it is not known; missing is not zero."
        )
        return Refusal("wrong_type", f'"{text}" is not {wanted}.', remedy)
    counted = re.fullmatch(r"([+-]?[\d.]+)\s*(?:(万|亿|千|百)\s*\D*|([kKmM]))", plain)
    if counted and _is_number(counted[1]):
        value = float(counted[1]) * _TIMES[(counted[2] or counted[3]).lower()]
        return Refusal(
            "wrong_type", f'"{text}" is not {wanted}.', f"Write it out{unit}: {value:.15g}, if that is meant."
        )
    return _plainly_not_a_number(column, text, plain, wanted, unit)


def _plainly_not_a_number(column: Column, text: str, plain: str, wanted: str, unit: str) -> Refusal:
    if _is_number(plain):
        if column.type == "integer" and abs(float(plain)) < 1e15:
            return Refusal("wrong_type", f'"{text}" is not a whole number.', f"Give a whole number{unit}.")
        return Refusal("not_finite", f'"{text}" is too large to be counted with.', f"Give {wanted}{unit}.")
    with_unit = re.match(r"([+-]?\d+(?:\.\d+)?)\s*([^\d\s.,][^\d]*)$", plain)
    if with_unit:
        return Refusal(
            "wrong_type",
            f'"{text}" is not {wanted}: it holds "{with_unit[2].strip()}" too.',
            f"Write only the number{unit}: {with_unit[1]}.",
        )
    return Refusal("wrong_type", f'"{text}" is not {wanted}.', f"Give {wanted}{unit}.")


def _not_a_date(text: str) -> Refusal:
    plain = unicodedata.normalize("NFKC", text).strip()
    serial = re.fullmatch(r"(\d{4,6})(\.0*)?", plain)
    if serial and 10_000 <= int(serial[1]) <= 109_000:
        day = _EXCEL_EPOCH + timedelta(days=int(serial[1]))
        return Refusal(
            "excel_date",
            f'"{text}" is not a date; as the day number of a spreadsheet it would be {day}.',
            f"Write {day}, or format the column as a date.",
        )
    read = _other_dates(plain)
    if len(read) == 1:
        return Refusal("wrong_type", f'"{text}" is not a date written year first.', f"Write {read[0]}.")
    if read:
        return Refusal(
            "wrong_type",
            f'"{text}" may be {read[0]} or {read[1]}.',
            f"Write {read[0]} or {read[1]}.",
        )
    if re.fullmatch(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?", plain):
        return Refusal("wrong_type", f'"{text}" has a time of day.', f"Give the day alone: {plain[:10]}.")
    shape = re.fullmatch(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2}).*", plain)
    if shape:
        return Refusal(
            "wrong_type",
            f'There is no day "{text}".',
            "Give a day of the calendar from 1900 to 2199, as in 2020-01-24.",
        )
    return Refusal("wrong_type", f'"{text}" is not a date.', "Write the year, month and day: 2020-01-24.")


def _other_dates(text: str) -> list[date]:
    """Dates that a text may mean when it is not written year first with - or /."""
    if (
        match := re.fullmatch(r"(\d{4})年(\d{1,2})月(\d{1,2})[日号]?", text)
        or re.fullmatch(r"(\d{4})\.(\d{1,2})\.(\d{1,2})", text)
        or re.fullmatch(r"((?:19|20|21)\d{2})(\d{2})(\d{2})", text)
    ):
        return _existing([(int(match[1]), int(match[2]), int(match[3]))])
    if match := re.fullmatch(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})", text):
        year = int(match[3])
        orders = [(year, int(match[2]), int(match[1]))]
        if "." not in text:
            orders.append((year, int(match[1]), int(match[2])))
        return _existing(orders)
    return []


def _existing(candidates: list[tuple[int, int, int]]) -> list[date]:
    found: list[date] = []
    for year, month, day in candidates:
        try:
            when = date(year, month, day)
        except ValueError:
            continue
        if when not in found:
            found.append(when)
    return found


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", text)) and text.isascii()
