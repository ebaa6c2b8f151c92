"""How far a reported figure may go before somebody asks: every limit, with its source, in one place."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

from mainstay.errors import UsageError

JUDGEMENT = "judgement"
_NDRC = "NDRC, 13 Feb 2020: 106 % of capacity for medical masks other than N95, 94 % for all masks"


def _limit(default: Any, text: str, text_zh: str, source: str = JUDGEMENT) -> Any:
    return field(default=default, metadata={"text": text, "text_zh": text_zh, "source": source})


@dataclass(frozen=True)
class Limits:
    """The limits of all rules; each says in its metadata what it limits and where it comes from.

    Raises
    ------
    UsageError : a limit is negative
    """

    output_warning: float = _limit(
        1.0, "output over nominal capacity, above which it is asked about", "产量与名义产能之比（提示）", _NDRC
    )
    output_error: float = _limit(
        1.2, "output over nominal capacity, above which it is taken for a mistake", "产量与名义产能之比（错误）"
    )
    material_slack: float = _limit(
        0.05, "share by which output may exceed what the materials allow", "产量超出物料可供的容许比例"
    )
    copied_days: int = _limit(5, "reports in a row with the same value", "相同数值连续上报次数")
    heaped_values: int = _limit(
        8, "different values of a series, at least, to judge how round they are", "判断凑整的最少数值个数"
    )
    heaped_share: float = _limit(0.9, "share of them, 1000 and more, with two figures and then zeros", "凑整数值占比")
    unit_factors: tuple[float, ...] = _limit(
        (1e3, 1e4, 1e6),
        "times the usual value, within a factor of 2, either way",
        "与常见数值相差的倍数（千、万、百万）",
    )
    jump_factor: float = _limit(3.0, "times the report before, either way", "与上次上报相差的倍数")
    rising_reports: int = _limit(
        5, "reports in a row that never fall, at least, to take them for totals", "疑为累计数的连续不降次数"
    )
    received_slack: float = _limit(
        0.1, "share by which receipts may differ from what was shipped", "收货与发货的容许差异"
    )
    late_days: int = _limit(2, "days from the day of a figure until it is received", "上报滞后天数")
    share_difference: float = _limit(
        0.05,
        "difference between the usable shares that one day's reports give to one group of lines",
        "同组产线可用率差异",
    )

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            if (min(value) if isinstance(value, tuple) else value) < 0:
                raise UsageError(f"The limit {each.name} is {value}. Give 0 or more.")
