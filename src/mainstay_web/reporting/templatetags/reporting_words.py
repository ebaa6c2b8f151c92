"""Findings in the reader's language; what the core says in English is said in Chinese by rule."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.survey.rules import RULES
from mainstay_web.accounts.templatetags.words import is_chinese
from mainstay_web.reporting.body import REPORTS
from mainstay_web.reporting.models import ReportFinding

register = template.Library()

NAMES = {
    "missing_value": gettext_lazy("Empty cell"),
    "negative": gettext_lazy("Negative number"),
    "out_of_range": gettext_lazy("Out of range"),
    "unknown_choice": gettext_lazy("Not one of the choices"),
    "duplicate_key": gettext_lazy("The same figure twice"),
    "unknown_reference": gettext_lazy("Not in the register"),
    "unknown_reporter": gettext_lazy("Unknown reporter"),
    "unit_mismatch": gettext_lazy("Another unit"),
    "future_date": gettext_lazy("A day to come"),
    "thousands_separator": gettext_lazy("Separators in a number"),
    "not_a_number": gettext_lazy("Not a number"),
    "not_a_date": gettext_lazy("Not a date"),
    "report_terms": gettext_lazy("Columns that do not go together"),
    "unknown_column": gettext_lazy("Column not read"),
    "missing_column": gettext_lazy("Missing column"),
    "odd_row": gettext_lazy("Too many or too few cells"),
    "received_now": gettext_lazy("Day of receipt not read"),
    "left_empty": gettext_lazy("Rows left empty"),
    "older_questionnaire": gettext_lazy("Older questionnaire"),
    "formula": gettext_lazy("Formulas"),
    "spaces": gettext_lazy("Spaces around a cell"),
}
"""Rules of the table and of the platform; those of plausibility carry their own words."""

CHINESE = {
    "missing_value": ("单元格为空。", "请填写。"),
    "negative": ("“{value}”为负数。", "请填写 0 或正数。"),
    "out_of_range": ("“{value}”超出允许范围。", "请核对后填写。"),
    "unknown_choice": ("“{value}”不是可选值。", "可选值：{choices}。"),
    "duplicate_key": ("同一指标在本次上报中出现两次。", "请保留其中一行。"),
    "unknown_reference": ("登记册中没有物资“{value}”。", "请使用登记册中的物资代码，或请物资保障部门添加。"),
    "unknown_reporter": ("“{value}”不是本单位，也不是下属单位。", "请更正代码，或留空（即本单位数据）。"),
    "unit_mismatch": ("所填单位“{value}”与该物资的计量单位不一致。", "请换算为该物资的计量单位后填写。"),
    "future_date": ("日期 {value} 尚未到来。", "请在当日结束后上报；只有需求可提前上报。"),
    "thousands_separator": ("“{value}”含千位分隔符。", "请去掉分隔符，如 12000。"),
    "decimal_comma": ("“{value}”用逗号作小数点。", "小数点请用“.”。"),
    "full_width_digits": ("“{value}”为全角数字。", "请改用半角数字。"),
    "percent": ("“{value}”为百分数。", "请填写数值。"),
    "excel_error": ("“{value}”是表格软件的错误值。", "请修正公式；不掌握的数据请留空。"),
    "wrong_type": ("“{value}”无法识别。", "请按该列要求填写。"),
    "not_a_number": ("“{value}”不是数字。", "请填写数字，不加单位。"),
    "not_a_date": ("“{value}”不是日期。", "请按 2020-01-24 的格式填写。"),
    "received_now": ("接收日期列未读取：以平台收到之日为准。", "无需处理。"),
    "left_empty": ("部分预填行未填写，未读取。", "若掌握数据请补报。"),
    "older_questionnaire": ("所用工作簿为旧版问卷。", "数据已读取；下次请重新下载工作簿。"),
    "unknown_column": ("列“{value}”不在上报表中，未读取。", "请删除该列或改用表中列名。"),
    "missing_column": ("缺少该列。", "请补充该列。"),
}
"""Message and remedy of the rules that a Chinese reader meets most; others are said in English."""

_PLAUSIBLE = {rule.name: rule for rule in RULES}


@register.filter
def rule_name(rule: str) -> str:
    """A rule in words."""
    if rule in _PLAUSIBLE:
        return _PLAUSIBLE[rule].text_zh if is_chinese() else _PLAUSIBLE[rule].text
    return str(NAMES.get(rule) or rule.replace("_", " "))


@register.filter
def message_of(finding: ReportFinding) -> str:
    """What was found."""
    return _chinese(finding)[0] or finding.message


@register.filter
def remedy_of(finding: ReportFinding) -> str:
    """What to do about it."""
    return _chinese(finding)[1] or finding.remedy


def _chinese(finding: ReportFinding) -> tuple[str, str]:
    if not is_chinese() or finding.rule not in CHINESE:
        return "", ""
    choices = next(("、".join(c.choices) for c in REPORTS.columns if c.name == finding.column), "")
    message, remedy = CHINESE[finding.rule]
    return message.format(value=finding.value), remedy.format(choices=choices)


@register.filter
def column_name(column: str) -> str:
    """Columns in the reader's language."""
    words = {c.name: c.text_zh for c in REPORTS.columns}
    return ", ".join(words.get(name) or name for name in column.split(", ")) if is_chinese() else column


@register.filter
def place_in(finding: ReportFinding) -> str:
    """Where in the file or list it was found."""
    return _("row %(row)d") % {"row": finding.row} if finding.row is not None else _("the whole")
