"""Weekly items from people, patients and tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mainstay.demand.esft.coefficients import Coefficients
from mainstay.demand.esft.parameters import Parameters
from mainstay.demand.esft.people import round_up

Array = NDArray[np.float64]

DAYS, WORKDAYS = 7, 5
"""Days of a week on which protective equipment is used: in the epidemic; outside it."""

NONCOVID = {
    "doctors": ("noncovid_doctor", "noncovid_doctors"),
    "nurses": ("noncovid_nurse", "noncovid_nurses"),
    "lab_techs": ("noncovid_lab_tech", "noncovid_lab_techs"),
    "midwives": ("noncovid_midwife", "midwives"),
    "dentists": ("noncovid_dentist", "dentists"),
    "physios": ("noncovid_physio", "physios"),
    "trad_comp_meds": ("noncovid_traditional_compl", "trad_comp_meds"),
    "chws": ("noncovid_chw", "chws"),
    "pharmacists": ("noncovid_pharmacist", "pharmacists"),
}
"""Staff: their part of the column of amounts, and of the column of the result."""


def protection(
    group: str,
    tables: Coefficients,
    patients: pl.DataFrame,
    hcws: pl.DataFrame,
    screening: pl.DataFrame,
    tests: pl.DataFrame,
    parameters: Parameters,
) -> pl.DataFrame:
    """Protective equipment or hygiene by week and item, by where it is used.

    Single-use goods: amount a day, people, seven days; for the isolated, the mild and moderate people tested in the
    week, over their whole stay. Reusable goods, every week: one for each person who uses any; an amount for each bed.

    Parameters
    ----------
    group : ``PPE`` or ``Hygiene``
    """
    mild, mod = tests["tests_mild"].to_numpy(), tests["tests_mod"].to_numpy()
    caregivers = hcws["inf_caregivers_isol_uncapped"].to_numpy()
    isolated = mild * parameters.stay_mild + mod * parameters.stay_mod
    one_each = {"isolation_inf_caregiver": caregivers, "isolation_patient": mild + mod, "screening_patient": mild + mod}
    people: dict[str, dict[str, Array]] = {
        "inpatient_hcw": {
            "inpatient_hcw": hcws["hcws_inpatient_capped"].to_numpy(),
            "inpatient_cleaner": hcws["cleaners_inpatient_capped"].to_numpy(),
            "inpatient_inf_caregiver": hcws["inf_caregivers_hosp_uncapped"].to_numpy(),
            "inpatient_ambworker": hcws["amb_personnel_inpatient_capped"].to_numpy(),
            "inpatient_biomed_eng": hcws["bio_eng_inpatient_capped"].to_numpy(),
        },
        "inpatient_patient": {
            "inpatient_sev_patient": patients["sev_beds_inuse"].to_numpy(),
            "inpatient_crit_patient": patients["crit_beds_inuse"].to_numpy(),
            "inpatient_sev_crit_patient": patients["total_beds_inuse"].to_numpy(),
        },
        "isolation": {
            "isolation_inf_caregiver": caregivers * parameters.stay_mild,
            "isolation_patient": isolated,
        },
        "screening": {
            "screening_hcw": screening["screening_hcw_capped"].to_numpy(),
            "screening_patient": isolated,
        },
        "lab": {
            "lab_tech": hcws["lab_staff_capped"].to_numpy(),
            "lab_cleaner": hcws["cleaners_lab"].to_numpy(),
        },
    }
    weeks = patients.select("week_begins", "week_ends")

    def use(item: Mapping[str, Any], where: str) -> Array:
        amounts = {name: item[f"amount_per_{name}_per_day"] or 0.0 for name in people[where]}
        if not item["reusable"]:
            return np.asarray(sum(count * amounts[name] * DAYS for name, count in people[where].items()))
        if where != "inpatient_patient":
            amounts = {name: float(amount > 0) for name, amount in amounts.items()}
        return np.asarray(sum(one_each.get(name, count) * amounts[name] for name, count in people[where].items()))

    rows = [
        weeks.select(
            pl.lit(group).alias("category"),
            "week_begins",
            "week_ends",
            item=pl.lit(item["item"]),
            unit=pl.lit(item["unit"]),
            **{f"amount_{where}": pl.Series(use(item, where)) for where in people},
        )
        for item in tables.equipment.filter(pl.col("group") == group).iter_rows(named=True)
    ]
    where = [f"amount_{name}" for name in people]
    frame = pl.concat(rows).with_columns(total_amount=pl.sum_horizontal(where))
    return frame.select("category", "week_begins", "week_ends", "item", "unit", "total_amount", *where)


def case_management(tables: Coefficients, patients: pl.DataFrame) -> pl.DataFrame:
    """Equipment and consumables of care by week and item, rounded up.

    Amounts per bed are for the beds in use, amounts per patient for those who are admitted, both once a week. Reusable
    goods are wanted as far as the amount exceeds any week before.
    """
    severities = {"sev": "sev", "crit": "crit", "sev_crit": "total"}
    beds = {name: patients[f"{column}_beds_inuse"].to_numpy() for name, column in severities.items()}
    admitted = {name: patients[f"{name}_patients_admitted_cap"].to_numpy() for name in ("sev", "crit")}
    admitted["sev_crit"] = admitted["sev"] + admitted["crit"]

    def use(item: Mapping[str, Any], severity: str) -> Array:
        per_bed = item[f"amount_per_inpatient_{severity}_bed_per_day"] or 0.0
        per_patient = item[f"amount_per_inpatient_{severity}_patient_per_day"] or 0.0
        amount = round_up(beds[severity] * per_bed + admitted[severity] * per_patient)
        return _rise(amount) if item["reusable"] else amount

    weeks = patients.select("week_begins", "week_ends")
    rows = [
        weeks.select(
            pl.lit(item["category"]).alias("category"),
            "week_begins",
            "week_ends",
            item=pl.lit(item["item"]),
            unit=pl.lit(item["unit"]),
            **{f"amount_{severity}_patient": pl.Series(use(item, severity)) for severity in severities},
        )
        for item in tables.equipment.sort("item").iter_rows(named=True)
        if item["category"].startswith("Case management")
    ]
    columns = [f"amount_{severity}_patient" for severity in severities]
    frame = pl.concat(rows).with_columns(total_amount=pl.sum_horizontal(columns))
    return frame.select("category", "week_begins", "week_ends", "item", "unit", "total_amount", *columns)


def _rise(counts: Array) -> Array:
    """By how much each week exceeds the most before it."""
    return np.asarray(np.diff(np.maximum.accumulate(counts), prepend=0.0))


def oxygen(patients: pl.DataFrame, parameters: Parameters) -> pl.DataFrame:
    """Oxygen flow that the beds in use need by week [L/min]."""
    sev = pl.col("sev_beds_inuse") * parameters.o2_flow_sev
    crit = pl.col("crit_beds_inuse") * parameters.o2_flow_crit
    return patients.select("week_begins", "week_ends", o2_flow_sev=sev, o2_flow_crit=crit, o2_flow=sev + crit)


def diagnostics_forecast(
    tables: Coefficients, tests: pl.DataFrame, ratio: pl.DataFrame, patients: pl.DataFrame, parameters: Parameters
) -> pl.DataFrame:
    """Test kits and their accessories by week; instruments are named, and not counted."""
    total, share = tests["total_tests_capped"].to_numpy(), dict(ratio.select("type", "ratio").iter_rows())
    per_kit = parameters.num_tests_manual_test_kits * (1 - parameters.perc_wastage_manual_test_kits)
    boxes = patients["hosp_facilities_inuse"].to_numpy() * parameters.triple_packaging_per_unit
    amounts = {
        "Antigen Rapid Diagnostic Tests": total * share["antigen"],
        "For near patient PCR machine - RT-PCR cartridge": total * share.get("near_patient", 0.0),
        "Swab and Viral transport medium": total,
        "Test kit - manual PCR (complete kit)": total * share.get("manual", 0.0) / per_kit,
        "Test kits - high-throughput PCR (complete kit)": total * share.get("high_throughput", 0.0),
        "Triple packaging boxes": _rise(round_up(boxes)),
    }
    items = tables.equipment.filter(pl.col("group") == "Diagnostics").sort("item")
    unknown = np.full(len(tests), np.nan)
    rows = [
        tests.select(
            pl.lit("Diagnostics").alias("category"),
            "week_begins",
            "week_ends",
            item=pl.lit(item["item"]),
            unit=pl.lit(item["unit"]),
            total_amount=pl.Series(amounts.get(item["item"], unknown), nan_to_null=True),
        )
        for item in items.iter_rows(named=True)
    ]
    return pl.concat(rows)


def pharma(tables: Coefficients, cases: pl.DataFrame) -> pl.DataFrame:
    """Drugs for all cases of the whole table of cases: the weeks before and after the forecast count as well.

    Cases of a severity are rounded to a whole number first.
    """
    last = cases.row(-1, named=True)
    by_severity = {
        "mild": ("mild", "mild"),
        "mod": ("mod", "mod"),
        "sev": ("severe", "severe"),
        "crit": ("critical", "crit"),
    }
    return tables.pharmaceuticals.select(
        "drug",
        **{
            f"total_drug_form_all_{name}_treated": (
                pl.col(f"form_per_{short}_course") * pl.col(f"perc_{short}_treated") * round(last[f"cum_{long}_cases"])
            ).fill_null(0.0)
            for short, (long, name) in by_severity.items()
        },
    )


def noncovid(tables: Coefficients, staff: Mapping[str, float | None], weeks: int) -> pl.DataFrame:
    """Protective equipment of staff outside the epidemic over the forecast, five days a week; null: staff not known.

    Reusable goods: one for each, also of a profession for which no amount is known.
    """

    def use(who: str) -> pl.Expr:
        amount = pl.col(f"amount_per_{NONCOVID[who][0]}_per_day").fill_null(0.0)
        per_person = pl.when("reusable").then(1.0).otherwise(amount * weeks * WORKDAYS)
        return per_person * pl.lit(staff[who], dtype=pl.Float64)

    return tables.noncovid.select("item", **{f"amount_{name}": use(who) for who, (_, name) in NONCOVID.items()})


def totals(*weekly: pl.DataFrame) -> pl.DataFrame:
    """Sum over the weeks by category, item and unit; what is not counted is left out."""
    columns = ["category", "item", "unit"]
    frame = pl.concat([each.select(*columns, "total_amount") for each in weekly])
    known = frame.filter(pl.col("total_amount").is_not_null())
    return known.group_by(columns, maintain_order=True).agg(pl.col("total_amount").sum())
