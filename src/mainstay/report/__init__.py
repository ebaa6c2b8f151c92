"""Results arranged for people: one HTML report, one workbook. Nothing is decided here."""

from mainstay.report.page import write_demand_page, write_report
from mainstay.report.workbook import write_workbook

__all__ = ["write_demand_page", "write_report", "write_workbook"]
