"""Parameters of the ESFT method: its published defaults, which the table ``parameters`` may change."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

from mainstay.errors import UsageError
from mainstay.tables.case import Case
from mainstay.tables.parameters import ESFT_PREFIX


def _number(default: float, text: str, text_zh: str) -> Any:
    return field(default=default, metadata={"text": text, "text_zh": text_zh})


@dataclass(frozen=True)
class Parameters:
    """What the tool calls its parameters; stays in whole weeks, shares 0 to 1."""

    mild_i_proportion: float = _number(0.4, "share of cases that are mild", "轻症占比")
    mod_i_proportion: float = _number(0.4, "share of cases that are moderate", "普通型占比")
    sev_i_proportion: float = _number(0.15, "share of cases that are severe", "重症占比")
    crit_i_proportion: float = _number(0.05, "share of cases that are critical", "危重症占比")
    stay_mild: float = _number(2, "weeks in isolation, mild", "轻症隔离周数")
    stay_mod: float = _number(2, "weeks in isolation, moderate", "普通型隔离周数")
    stay_sev: float = _number(1, "weeks in hospital, severe", "重症住院周数")
    stay_crit: float = _number(2, "weeks in hospital, critical", "危重症住院周数")
    ifr_sev: float = _number(0.134, "share of severe cases who die", "重症病死率")
    ifr_crit: float = _number(0.5, "share of critical cases who die", "危重症病死率")
    perc_hcws_not_covid: float = _number(0.4, "share of health workers kept for others", "非疫情医护占比")
    perc_beds_not_covid: float = _number(0.4, "share of beds kept for others", "非疫情床位占比")
    n_hosp_beds_per_care_unit: float = _number(40, "beds of one care unit", "每单元床位数")
    ambulancews_per_bed: float = _number(0.06, "ambulance workers per bed", "每床急救人员")
    bioengs_per_bed: float = _number(0.02, "biomedical engineers per bed", "每床医工人员")
    n_inf_caregivers_hosp: float = _number(0, "informal caregivers per inpatient", "每住院患者陪护")
    n_inf_caregivers_isol: float = _number(1, "informal caregivers per isolated patient", "每隔离患者陪护")
    o2_flow_sev: float = _number(10, "oxygen flow, severe, L/min", "重症氧流量")
    o2_flow_crit: float = _number(30, "oxygen flow, critical, L/min", "危重症氧流量")
    cases_screened_per_hcw_per_day: float = _number(10, "people screened by one worker a day", "每人日筛查数")
    cleaner_factor: float = _number(10, "factor on the hours of cleaners (the tool's code has 10)", "保洁工时系数")
    perc_tested_mild_mod: float = _number(
        1, "share of suspected, mild and moderate people tested; below 1 the strategy is called targeted", "轻症检测率"
    )
    num_neg_per_pos_test: float = _number(10, "negative tests for each positive one", "阴阳性比")
    tests_per_hcw_per_week: float = _number(1, "tests of a health worker in a week", "医护每周检测数")
    avg_contacts_pos_case: float = _number(10, "contacts of a case", "每病例接触者")
    perc_contacts_tested: float = _number(0.6, "share of contacts tested", "接触者检测率")
    tests_diagnosis_mild_mod: float = _number(1, "tests for a diagnosis, mild and moderate", "轻症确诊检测数")
    tests_diagnosis_sev_crit: float = _number(1, "tests for a diagnosis, severe and critical", "重症确诊检测数")
    tests_release_sev_crit: float = _number(1, "tests for a release, severe and critical", "重症出院检测数")
    perc_antigen_tests: float = _number(0.2, "share of tests that are antigen tests", "抗原检测占比")
    lab_staff_per_lab: float = _number(3, "workers of a laboratory", "每实验室人员")
    hygienists_per_lab: float = _number(1, "cleaners of a laboratory", "每实验室保洁")
    triple_packaging_per_unit: float = _number(4, "triple packaging boxes per care unit", "每单元三重包装箱")
    perc_wastage_manual_test_kits: float = _number(0.1, "share of manual kits wasted", "手工试剂损耗")
    num_tests_manual_test_kits: float = _number(100, "tests of a manual kit", "手工试剂盒检测数")

    def __post_init__(self) -> None:
        shares = self.mild_i_proportion + self.mod_i_proportion + self.sev_i_proportion + self.crit_i_proportion
        if abs(shares - 1) > 1e-6:
            raise UsageError(f"The esft shares of severity sum to {shares:.6g}; they must sum to 1.")
        for name in ("stay_mild", "stay_mod", "stay_sev", "stay_crit"):
            weeks = getattr(self, name)
            if weeks < 1 or weeks != int(weeks):
                raise UsageError(f"{ESFT_PREFIX}{name} is {weeks}. The tool knows whole weeks only: give 1, 2 or more.")

    @property
    def weeks_before(self) -> int:
        """Weeks before the forecast with which the tool fills its beds: those of the longest stay, and one.

        >>> Parameters().weeks_before
        3
        """
        return int(max(self.stay_mild, self.stay_mod, self.stay_sev, self.stay_crit)) + 1


def parameters_of(case: Case, place: str) -> Parameters:
    """The parameters at a place: its own rows, else rows for everywhere, else the defaults.

    Raises
    ------
    UsageError : a parameter that begins with ``esft_`` is not one of the tool's
    """
    known = {f.name for f in fields(Parameters)}
    rows = case["parameters"].sort("place", nulls_last=False).select("parameter", "place", "value").iter_rows()
    values = {}
    for name, where, value in rows:
        if name.startswith(ESFT_PREFIX) and where in (None, place):
            if name.removeprefix(ESFT_PREFIX) not in known:
                raise UsageError(f'"{name}" is no parameter of the ESFT method. They are {", ".join(sorted(known))}.')
            values[name.removeprefix(ESFT_PREFIX)] = value
    return Parameters(**values)
