"""The independent check: is a plan sound, judged from its tables and the case alone.

Nothing here knows the network or the solver. The rules are in words (``RULES``), one function each,
and walk the result tables period by period and place by place.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import polars as pl

from mainstay.calendar import Calendar
from mainstay.plan.check import form, goods, lines, means, needs, transport
from mainstay.plan.check.facts import CHECKED, Facts
from mainstay.plan.check.report import CheckReport, Rule, RuleInfo, Violation

if TYPE_CHECKING:
    from mainstay.tables.case import Case

__all__ = ["RULES", "CheckReport", "RuleInfo", "Violation", "check_plan"]

_WORDS = (
    (
        form.tables_complete,
        "Every table of a plan is there, with every column and one row per key.",
        "结果表齐全，字段完整，主键唯一",
    ),
    (
        form.period_dates,
        "Each row's date and days are those of a period of the calendar.",
        "每行日期与天数对应计划时段",
    ),
    (
        form.known_ids,
        "Every id is one of the case, with the notes that the case has for it.",
        "所有代码均见于案例数据",
    ),
    (form.no_negative, "No figure is negative, missing or not a number.", "数值不为负、不缺失"),
    (
        form.whole_numbers,
        "Lines converted, reviews, measures and departures are whole numbers.",
        "转产线数、审批、措施、班次为整数",
    ),
    (
        goods.goods_balance,
        "Opening stock and all that comes in, less all that goes out, is the closing stock.",
        "期初加流入减流出等于期末库存",
    ),
    (
        goods.reusable_return,
        "A reusable unit that serves is gone for its stay, then back where it was.",
        "可复用设备使用期满归还原库存",
    ),
    (
        goods.expiry,
        "First expired, first out: what has passed its last day has left the stock, not earlier.",
        "先到期先出，过期物资不留存",
    ),
    (goods.floors, "Stock below its floor is said to be so, by as much as it is.", "低于最低库存须如实列出"),
    (
        goods.target_gap,
        "What a target lacks is what it asks for less the stock there.",
        "目标库存缺口如实列出",
    ),
    (
        goods.pipeline,
        "What is under way at the end is what was started, shipped, ordered or lent and is not there yet.",
        "期末在途在制与已启动未到一致",
    ),
    (
        goods.owner_rules,
        "A strategic reserve serves nobody directly: it is released into distribution first.",
        "储备须先动用入库再供应",
    ),
    (lines.line_capacity, "A group of lines does no more than its usable lines can.", "产量不超过可用产能"),
    (
        lines.line_figures,
        "The capacity table says what lines are used, and overstates neither lines nor usable ones.",
        "产能表与其他表一致，不虚报",
    ),
    (
        lines.line_stock,
        "No more lines are converted than stand there, nor than a conversion may take.",
        "转产线数不超过现有与上限",
    ),
    (
        lines.yield_and_dwell,
        "A process runs on lines of its kind, and gives the share of what is started that is good.",
        "工艺与产线匹配，产出等于投产乘合格率",
    ),
    (
        lines.licence_held,
        "Goods that need a licence are started only while their maker holds it.",
        "须注册证的产品持证后方可投产",
    ),
    (lines.licence_once, "Each licence is reviewed once at most, on a track open to it.", "每证至多审批一次"),
    (lines.measure_once, "Each measure is taken once at most.", "每项措施至多采取一次"),
    (
        lines.conversion_lead,
        "A converted or new line is ready its lead time after the decision.",
        "转产须经转产周期",
    ),
    (
        transport.import_offer,
        "No more is ordered of an offer than it has while it is open.",
        "订购不超过货源可订量与时间窗",
    ),
    (
        transport.customs_express,
        "Express customs draws on its pool, and does not overdraw it.",
        "绿色通道不超过其资源池",
    ),
    (transport.lane_cargo, "A lane carries only its cargo.", "通道只运其允许的货物"),
    (
        transport.lane_capacity,
        "A lane, or its departures, carries no more than it can.",
        "运量不超过运力与班次",
    ),
    (
        transport.nothing_arrives_before_it_left,
        "Goods are there after their transit, customs, dwell or review, no earlier.",
        "到达不早于在途、通关、放行周期",
    ),
    (means.pool_limit, "All who draw on a pool draw no more than it has.", "资源池合计使用不超限"),
    (means.costs, "Each cost is the quantity times the case's rate.", "费用等于数量乘单价"),
    (
        needs.need_balance,
        "What waited and is needed is served, eased, lost, or waits on; the need is the case's.",
        "待补加需求等于满足、节约、缺口与继续待补",
    ),
    (needs.patience, "Nothing waits longer than its patience.", "等待不超过可延迟天数"),
    (
        needs.service_matches_shortages,
        "What is said to be served is what the service table serves.",
        "满足量与供应表一致",
    ),
    (
        needs.substitutes_allowed,
        "A need is served by its own item, or by a substitute of the case at its rate and tier.",
        "替代符合替代比与层级",
    ),
    (
        needs.modes_allowed,
        "A mode of use is one that the case allows, and saves no more than its rule of use can.",
        "使用模式不超过允许范围，节约不超过该模式可节约量",
    ),
    (
        needs.modes_in_order,
        "Use steps down to a mode only when the one before saves all that it can.",
        "上一级模式用尽后方可再降级",
    ),
    (
        needs.modes_match_shortages,
        "What is said to be eased is what the modes save.",
        "节约量与使用模式表一致",
    ),
)

RULES: tuple[Rule, ...] = tuple(Rule(RuleInfo(find.__name__, text, text_zh), find) for find, text, text_zh in _WORDS)
"""All rules, in the order in which they are walked; a rule is named as its function."""


def check_plan(
    case: Case, results: Mapping[str, pl.DataFrame], calendar: Calendar, *, tolerance: float = 1e-6
) -> CheckReport:
    """Walk the result tables of a plan by the rules in words.

    Parameters
    ----------
    case : the tables that the plan was made for
    results : table name -> frame, as declared in ``RESULT_TABLES``
    calendar : the periods of the plan
    tolerance : how far a figure may be off, as a share of the largest quantity of the thing it counts
        (of the item, the line group, the lane, the pool), and at least that share of one unit

    Returns
    -------
    CheckReport, with ``ok`` when no rule is broken; otherwise each breach with table, place and figures.
    """
    facts = Facts(case, results, calendar, tolerance)
    found = tuple(violation for rule in RULES for violation in rule.find(facts))
    rows = {name: results[name].height for name in CHECKED if name in results}
    return CheckReport(tuple(rule.info for rule in RULES), rows, found)
