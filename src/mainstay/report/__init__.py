"""Results arranged for people: one HTML report, one workbook, a briefing. Nothing is decided here."""

from mainstay.report.briefing import write_briefing
from mainstay.report.chain import write_chain_workbook
from mainstay.report.page import (
    write_chain_page,
    write_demand_page,
    write_prepare_page,
    write_replay_page,
    write_report,
    write_siting_page,
    write_stress_page,
)
from mainstay.report.prepare import write_prepare_workbook
from mainstay.report.replay import write_replay_workbook
from mainstay.report.stress import write_stress_workbook
from mainstay.report.workbook import write_workbook

__all__ = [
    "write_briefing",
    "write_chain_page",
    "write_chain_workbook",
    "write_demand_page",
    "write_prepare_page",
    "write_prepare_workbook",
    "write_replay_page",
    "write_replay_workbook",
    "write_report",
    "write_siting_page",
    "write_stress_page",
    "write_stress_workbook",
    "write_workbook",
]
