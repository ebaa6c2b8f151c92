"""Tests that are wanted, tests that the instruments can do, and what both use."""

from __future__ import annotations

import polars as pl

from mainstay.demand.esft.coefficients import Coefficients
from mainstay.demand.esft.parameters import Parameters
from mainstay.errors import UsageError


def diagnostic_capacity(tables: Coefficients, modules: dict[str, float]) -> pl.DataFrame:
    """Tests of a week by platform: modules, tests of a module a day by the hours run, days, share for the epidemic.

    Parameters
    ----------
    modules : instruments or modules by ``platform_key``; a platform that is not named has none

    Raises
    ------
    UsageError : no platform is named at all
    """
    keys = tables.throughput["platform_key"]
    if modules.keys().isdisjoint(keys):
        raise UsageError(
            f"Instruments for tests are not known. Add rows to the table capacities, 0 where there are none, such as "
            f"{keys[0]}: platforms are {', '.join(keys)}."
        )
    by_hours = tables.throughput.unpivot(
        [name for name in tables.throughput.columns if name.startswith("throughput_")],
        index="platform_key",
        variable_name="hours",
        value_name="throughput_per_day",
    ).with_columns(pl.col("hours").str.extract(r"(\d+)hrs").cast(pl.Int64))
    counts = pl.DataFrame({"platform_key": keys, "modules_activated": [float(modules.get(key, 0)) for key in keys]})
    total = pl.col("modules_activated") * pl.col("throughput_per_day") * pl.col("days_week")
    return (
        tables.throughput.select("shifts_day", "platform_key", "platform", "type", "days_week", "covid_capacity")
        .join(tables.hours_per_shift.rename({"shifts": "shifts_day"}), on="shifts_day", how="left")
        .join(by_hours, on=["platform_key", "hours"], how="left")
        .join(counts, on="platform_key", how="left")
        .with_columns(total_test_capacity=total, covid_test_capacity=total * pl.col("covid_capacity"))
        .sort("platform_key")
    )


def test_ratio(capacity: pl.DataFrame, parameters: Parameters) -> pl.DataFrame:
    """Share of the tests by type; antigen tests come on top of what the instruments can do.

    Returns
    -------
    type, covid_test_capacity [tests per week], ratio
    """
    by_type = capacity.group_by("type", maintain_order=True).agg(pl.col("covid_test_capacity").sum())
    total = float(by_type["covid_test_capacity"].sum()) / (1 - parameters.perc_antigen_tests)
    antigen = pl.DataFrame({"type": ["antigen"], "covid_test_capacity": [total * parameters.perc_antigen_tests]})
    share = pl.col("covid_test_capacity") / total if total else pl.lit(0.0)
    return pl.concat([by_type, antigen]).with_columns(ratio=share)


def diagnostics_weekly(cases: pl.DataFrame, patients: pl.DataFrame, parameters: Parameters) -> pl.DataFrame:
    """Tests for diagnosis and release by week; capped: of those who have a bed."""
    diagnosis, release = parameters.tests_diagnosis_sev_crit, parameters.tests_release_sev_crit
    mild_mod = parameters.perc_tested_mild_mod * parameters.tests_diagnosis_mild_mod
    alive = {"sev": 1 - parameters.ifr_sev, "crit": 1 - parameters.ifr_crit}

    def survivors(name: str) -> pl.Expr:
        return release * (pl.col(name.format("sev")) * alive["sev"] + pl.col(name.format("crit")) * alive["crit"])

    weeks = cases[parameters.weeks_before :][: len(patients)]
    return patients.hstack(weeks.drop("week_begins", "week_ends")).select(
        "week_begins",
        "week_ends",
        tests_diagnosis_uncapped_sev_crit=diagnosis * (pl.col("new_severe_cases") + pl.col("new_critical_cases")),
        tests_release_uncapped_sev_crit=survivors("rem_{}_patients"),
        tests_diagnosis_capped_sev_crit=diagnosis
        * (pl.col("sev_patients_admitted_cap") + pl.col("crit_patients_admitted_cap")),
        tests_release_capped_sev_crit=survivors("discharged_{}_patients"),
        tests_mod=mild_mod * pl.col("new_mod_cases"),
        tests_mild=mild_mod * pl.col("new_mild_cases"),
        tests_suspected=mild_mod * pl.col("sus_cases_but_negative"),
        testing_strategy=pl.lit("all" if parameters.perc_tested_mild_mod == 1 else "targeted"),
    )


def additional_testing(
    tests: pl.DataFrame, hcws: pl.DataFrame, screening: pl.DataFrame, parameters: Parameters
) -> pl.DataFrame:
    """Tests of health workers and of contacts; contacts are counted from uncapped tests, those for release included."""
    workers = (
        "hcws_inpatient_capped",
        "cleaners_inpatient_capped",
        "amb_personnel_inpatient_capped",
        "bio_eng_inpatient_capped",
        "lab_staff_capped",
        "cleaners_lab",
    )
    positive = (
        "tests_diagnosis_uncapped_sev_crit",
        "tests_release_uncapped_sev_crit",
        "tests_mod",
        "tests_mild",
    )
    contacts = parameters.avg_contacts_pos_case * parameters.perc_contacts_tested
    all_workers = hcws.select(pl.sum_horizontal(workers)).to_series() + screening["screening_hcw_capped"]
    return tests.select(
        "week_begins",
        "week_ends",
        tests_hcws_weekly=all_workers * parameters.tests_per_hcw_per_week,
        tests_contacts_weekly=contacts * pl.sum_horizontal(positive),
    )


def total_tests(tests: pl.DataFrame, more: pl.DataFrame, max_tests_per_day: float) -> pl.DataFrame:
    """All tests by week, and as many of them as the instruments can do."""
    wanted = (
        "tests_diagnosis_capped_sev_crit",
        "tests_release_capped_sev_crit",
        "tests_mod",
        "tests_mild",
        "tests_suspected",
    )
    total = (
        tests.select(pl.sum_horizontal(wanted)).to_series() + more["tests_hcws_weekly"] + more["tests_contacts_weekly"]
    )
    return tests.select(
        "week_begins",
        "week_ends",
        total_tests_capped=pl.min_horizontal(pl.Series(total), pl.lit(7 * max_tests_per_day)),
        total_tests_uncapped=pl.Series(total),
    )
