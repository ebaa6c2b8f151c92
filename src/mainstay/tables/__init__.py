"""What comes in: the tables of a case, declared once, read, checked and written."""

from mainstay.tables.case import Case, make_case
from mainstay.tables.case_tables import CASE_TABLES
from mainstay.tables.chain_tables import CHAIN_TABLES
from mainstay.tables.findings import Finding, Findings
from mainstay.tables.read import check, read
from mainstay.tables.replay_tables import REPLAY_TABLES
from mainstay.tables.result_tables import RESULT_TABLES, WHY_TABLES
from mainstay.tables.stress_tables import STRESS_TABLES
from mainstay.tables.template import write_template
from mainstay.tables.vintage import as_known
from mainstay.tables.write import write

__all__ = [
    "CASE_TABLES",
    "CHAIN_TABLES",
    "REPLAY_TABLES",
    "RESULT_TABLES",
    "STRESS_TABLES",
    "WHY_TABLES",
    "Case",
    "Finding",
    "Findings",
    "as_known",
    "check",
    "make_case",
    "read",
    "write",
    "write_template",
]
