"""Why a text is not what its column wants, and what to write instead."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from mainstay.tables.declaration import Column, unit_zh
from mainstay.tables.findings import Both

EXCEL_ERROR = r"(?i:^#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|##+)$)"
_PLACEHOLDERS = ("-", "--", "—", "/", "n/a", "na", "none", "null", "nil", "?", "无", "暂无", "不详", "空")
_TIMES = {"万": 1e4, "亿": 1e8, "千": 1e3, "百": 1e2, "k": 1e3, "m": 1e6}
_EXCEL_EPOCH = date(1899, 12, 30)


@dataclass(frozen=True)
class Refusal:
    """Rule that a text breaks, in words, with the remedy."""

    rule: str
    message: Both
    remedy: Both


def refusal(column: Column, text: str) -> Refusal:
    """What is wrong with a cell that could not be read as its column's type."""
    if re.fullmatch(EXCEL_ERROR, text):
        return Refusal(
            "excel_error",
            Both(f'"{text}" is an error of the spreadsheet, not a value.', f"“{text}”是电子表格的错误值，不是数据。"),
            Both(
                "Repair the formula, or clear the cell if the value is not known.", "请修正公式；不掌握的数据请留空。"
            ),
        )
    if column.type in ("number", "integer"):
        return _not_a_number(column, text)
    if column.type == "date":
        return _not_a_date(text)
    if column.type == "boolean":
        return Refusal(
            "wrong_type",
            Both(f'"{text}" is neither true nor false.', f"“{text}”既不是 true 也不是 false。"),
            Both("Write true or false.", "请填写 true 或 false（是或否）。"),
        )
    if column.type == "list" and "；" in text:
        return Refusal(
            "wrong_type",
            Both(f'"{text}" has a full-width semicolon between its parts.', f"“{text}”各部分之间用了全角分号。"),
            Both(f"Write {text.replace('；', ';')}.", f"请写作 {text.replace('；', ';')}。"),
        )
    shown = re.sub(
        r"[^\x20-\x7e\u00a1-\uffef]|[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufffd]",
        "\N{WHITE SQUARE}",
        text,
    )
    return Refusal(
        "invisible_character",
        Both(
            f'"{shown}" holds a character that cannot be seen (shown as \N{WHITE SQUARE}).',
            f"“{shown}”含看不见的字符（以 \N{WHITE SQUARE} 表示）。",
        ),
        Both("Type the cell again.", "请重新输入该单元格。"),
    )


def _not_a_number(column: Column, text: str) -> Refusal:
    unit = Both(f" in {column.unit}", f"（单位：{unit_zh(column.unit)}）") if column.unit else Both()
    wanted = Both("a whole number", "整数") if column.type == "integer" else Both("a number", "数字")
    plain = unicodedata.normalize("NFKC", text).replace("\N{MINUS SIGN}", "-").strip()
    if plain != text and _is_number(plain):
        return Refusal(
            "full_width_digits",
            Both(f'"{text}" is written with full-width digits.', f"“{text}”为全角数字。"),
            Both(f"Write {plain}{unit}.", f"请写作 {plain}{unit.zh}。"),
        )
    if re.fullmatch(r"[+-]?\d{1,3}([,' \u00a0\u2009]\d{3})+(\.\d+)?", plain):
        bare = re.sub(r"[,' \u00a0\u2009]", "", plain)
        return Refusal(
            "thousands_separator",
            Both(
                f'"{text}" is not {wanted}: it has separators between thousands.',
                f"“{text}”不是{wanted.zh}：含千位分隔符。",
            ),
            Both(f"Give {wanted}{unit} without them: {bare}.", f"请去掉分隔符，填写{wanted.zh}{unit.zh}：{bare}。"),
        )
    if re.fullmatch(r"[+-]?(\d{1,3}(\.\d{3})+|\d+)?,\d+", plain):
        bare = plain.replace(".", "").replace(",", ".")
        return Refusal(
            "decimal_comma",
            Both(f'"{text}" has a decimal comma.', f"“{text}”用逗号作小数点。"),
            Both(f"Write a point: {bare}, if that is meant.", f"小数点请用英文句点；如为此意，请写作 {bare}。"),
        )
    if plain.endswith("%") and _is_number(plain[:-1].strip()):
        share = float(plain[:-1]) / 100
        return Refusal(
            "percent",
            Both(
                f'"{text}" is a percentage; shares are written from 0 to 1.', f"“{text}”是百分数；比例须写作 0 至 1。"
            ),
            Both(f"Write {share:.12g}.", f"请写作 {share:.12g}。"),
        )
    if plain.lower().lstrip("+-") in ("inf", "infinity", "nan", "∞"):
        remedy = (
            Both("Leave the cell empty for no limit or not known.", "不限或不掌握时请留空。")
            if not column.required
            else Both(f"Give {wanted}{unit}.", f"请填写{wanted.zh}{unit.zh}。")
        )
        return Refusal(
            "not_finite",
            Both(f'"{text}" is not a number that can be counted with.', f"“{text}”不是可以计算的数字。"),
            remedy,
        )
    if plain.lower() in _PLACEHOLDERS:
        remedy = (
            Both(f"Give {wanted}{unit}.", f"请填写{wanted.zh}{unit.zh}。")
            if column.required
            else Both(
                "Leave the cell empty when it is not known; missing is not zero.", "不掌握时请留空；缺失不等于零。"
            )
        )
        return Refusal("wrong_type", Both(f'"{text}" is not {wanted}.', f"“{text}”不是{wanted.zh}。"), remedy)
    counted = re.fullmatch(r"([+-]?[\d.]+)\s*(?:(万|亿|千|百)\s*\D*|([kKmM]))", plain)
    if counted and _is_number(counted[1]):
        value = float(counted[1]) * _TIMES[(counted[2] or counted[3]).lower()]
        return Refusal(
            "wrong_type",
            Both(f'"{text}" is not {wanted}.', f"“{text}”不是{wanted.zh}。"),
            Both(f"Write it out{unit}: {value:.15g}, if that is meant.", f"如为此意，请写全{unit.zh}：{value:.15g}。"),
        )
    return _plainly_not_a_number(column, text, plain, wanted, unit)


def _plainly_not_a_number(column: Column, text: str, plain: str, wanted: Both, unit: Both) -> Refusal:
    if _is_number(plain):
        if column.type == "integer" and abs(float(plain)) < 1e15:
            return Refusal(
                "wrong_type",
                Both(f'"{text}" is not a whole number.', f"“{text}”不是整数。"),
                Both(f"Give a whole number{unit}.", f"请填写整数{unit.zh}。"),
            )
        return Refusal(
            "not_finite",
            Both(f'"{text}" is too large to be counted with.', f"“{text}”过大，无法计算。"),
            Both(f"Give {wanted}{unit}.", f"请填写{wanted.zh}{unit.zh}。"),
        )
    with_unit = re.match(r"([+-]?\d+(?:\.\d+)?)\s*([^\d\s.,][^\d]*)$", plain)
    if with_unit:
        return Refusal(
            "wrong_type",
            Both(
                f'"{text}" is not {wanted}: it holds "{with_unit[2].strip()}" too.',
                f"“{text}”不是{wanted.zh}：其中还有“{with_unit[2].strip()}”。",
            ),
            Both(f"Write only the number{unit}: {with_unit[1]}.", f"请只写数字{unit.zh}：{with_unit[1]}。"),
        )
    return Refusal(
        "wrong_type",
        Both(f'"{text}" is not {wanted}.', f"“{text}”不是{wanted.zh}。"),
        Both(f"Give {wanted}{unit}.", f"请填写{wanted.zh}{unit.zh}。"),
    )


def _not_a_date(text: str) -> Refusal:
    plain = unicodedata.normalize("NFKC", text).strip()
    serial = re.fullmatch(r"(\d{4,6})(\.0*)?", plain)
    if serial and 10_000 <= int(serial[1]) <= 109_000:
        day = _EXCEL_EPOCH + timedelta(days=int(serial[1]))
        return Refusal(
            "excel_date",
            Both(
                f'"{text}" is not a date; as the day number of a spreadsheet it would be {day}.',
                f"“{text}”不是日期；若是电子表格的日期序号，则为 {day}。",
            ),
            Both(f"Write {day}, or format the column as a date.", f"请写作 {day}，或将该列设为日期格式。"),
        )
    read = _other_dates(plain)
    if len(read) == 1:
        return Refusal(
            "wrong_type",
            Both(f'"{text}" is not a date written year first.', f"“{text}”不是按年月日顺序书写的日期。"),
            Both(f"Write {read[0]}.", f"请写作 {read[0]}。"),
        )
    if read:
        return Refusal(
            "wrong_type",
            Both(f'"{text}" may be {read[0]} or {read[1]}.', f"“{text}”可能是 {read[0]}，也可能是 {read[1]}。"),
            Both(f"Write {read[0]} or {read[1]}.", f"请写作 {read[0]} 或 {read[1]}。"),
        )
    if re.fullmatch(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?", plain):
        return Refusal(
            "wrong_type",
            Both(f'"{text}" has a time of day.', f"“{text}”带有时刻。"),
            Both(f"Give the day alone: {plain[:10]}.", f"请只写日期：{plain[:10]}。"),
        )
    shape = re.fullmatch(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2}).*", plain)
    if shape:
        return Refusal(
            "wrong_type",
            Both(f'There is no day "{text}".', f"日历中没有“{text}”这一天。"),
            Both(
                "Give a day of the calendar from 1900 to 2199, as in 2020-01-24.",
                "请填写 1900 至 2199 年间的日期，如 2020-01-24。",
            ),
        )
    return Refusal(
        "wrong_type",
        Both(f'"{text}" is not a date.', f"“{text}”不是日期。"),
        Both("Write the year, month and day: 2020-01-24.", "请按年月日填写：2020-01-24。"),
    )


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
