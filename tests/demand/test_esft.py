"""The ESFT method on a small set of coefficients that a reader can follow, and where it refuses to guess."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mainstay as ms
from mainstay.demand.esft import esft_needs
from mainstay.demand.esft.people import round_up
from mainstay.demand.paths import Course
from mainstay.errors import UsageError
from mainstay_cli.main import run

START = date(2022, 1, 3)
AMOUNTS = (
    *("inpatient_hcw", "inpatient_cleaner", "inpatient_inf_caregiver", "inpatient_ambworker", "inpatient_biomed_eng"),
    *(f"inpatient_{severity}_{kind}" for kind in ("patient", "bed") for severity in ("sev", "crit", "sev_crit")),
    *("isolation_inf_caregiver", "isolation_patient", "screening_hcw", "screening_patient", "lab_tech", "lab_cleaner"),
)
ITEMS = (
    ("IPC", "PPE", "Respirator", False, {"inpatient_hcw": 1}),
    (
        "IPC",
        "PPE",
        "Gown",
        False,
        {f"inpatient_{who}": 1 for who in ("hcw", "cleaner", "ambworker", "biomed_eng")},
    ),
    (
        "IPC",
        "PPE",
        "Gloves",
        False,
        {"inpatient_hcw": 24, "inpatient_ambworker": 4, "inpatient_biomed_eng": 2},
    ),
    ("IPC", "PPE", "Goggles", True, {"inpatient_hcw": 0.1}),
    ("IPC", "PPE", "Scrubs", True, {"isolation_patient": 0.03, "inpatient_sev_patient": 0.5}),
    ("IPC", "Hygiene", "Hand rub", False, {"isolation_patient": 0.01}),
    ("Testing", "Diagnostics", "Swab and Viral transport medium", False, {}),
    ("Testing", "Diagnostics", "Thermocyclers", True, {}),
    ("Case management - equipment", "Ventilation", "Ventilator", True, {"inpatient_crit_bed": 0.67}),
    ("Case management - consumables", "Airway", "Tube", False, {"inpatient_crit_patient": 4 / 3}),
    (
        "Case management - consumables",
        "Airway",
        "Kit",
        False,
        {"inpatient_sev_patient": 0.002, "inpatient_sev_bed": 0.002},
    ),
)
HOURS = {"HCW": (18.22418181900, 32.689375), "Cleaner": (0.5, 0.75), "Admin": (0.5, 0.5)}
"""Hours per patient and day in the tool's table, summed by group: severe, critical."""


@pytest.fixture(scope="module")
def coefficients(tmp_path_factory):
    folder = tmp_path_factory.mktemp("coefficients")
    equipment = [
        {"category": category, "group": group, "item": item, "unit": "Each", "reusable": str(reusable).upper()}
        | {f"amount_per_{name}_per_day": amounts.get(name) for name in AMOUNTS}
        for category, group, item, reusable, amounts in ITEMS
    ]
    outside = ("doctor", "nurse", "lab_tech", "midwife", "dentist", "physio", "traditional_compl", "chw", "pharmacist")
    tables = {
        "who": [
            {
                "country_code": "XAA",
                "nurses": 30_000.0,
                "doctors": 10_000.0,
                "labs": 600.0,
                "beds_total": 1_000.0,
                "perc_icu_beds": 20.0,
                "midwives": None,
            }
        ],
        "hwfe": [{"esft_group": g, "patient_t24_sev": s, "patient_t24_crit": c} for g, (s, c) in HOURS.items()],
        "equipment": equipment,
        "pharmaceuticals": [
            {"drug": "Dexamethasone"}
            | {f"form_per_{s}_course": 10.0 for s in ("mild", "mod", "sev", "crit")}
            | {"perc_mild_treated": None, "perc_mod_treated": 0.0, "perc_sev_treated": 0.5, "perc_crit_treated": 1.0}
        ],
        "noncovid": [
            {"item": "Gown", "reusable": "FALSE"} | {f"amount_per_noncovid_{who}_per_day": 2.0 for who in outside},
            {"item": "Goggles", "reusable": "TRUE"}
            | {f"amount_per_noncovid_{who}_per_day": None if who == "doctor" else 0.1 for who in outside},
        ],
        "diagnostics": [{"country_code": "XAA", "pcr": 10.0}],
        "throughput": [
            {
                "platform": "PCR",
                "platform_key": "pcr",
                "throughput_8hrs": 100.0,
                "throughput_16hrs": 200.0,
                "type": "manual",
                "shifts_day": 1,
                "days_week": 5,
                "covid_capacity": 0.5,
            }
        ],
        "hours_per_shift": [{"shifts": 1, "hours": 8}, {"shifts": 2, "hours": 16}],
    }
    for name, rows in tables.items():
        pl.DataFrame(rows, infer_schema_length=None).write_csv(folder / f"{name}.csv", null_value="NA")
    return folder


def frame(*rows, names):
    return pl.DataFrame(rows, schema=names, orient="row")


def a_case(daily, *, place="xaa", first=START - timedelta(days=22), parameters=None, capacities=None, **tables):
    """A case with cases by day from three weeks before the start; the day before the first has a count of 0."""
    counts = np.concatenate([[0.0], np.cumsum(np.asarray(daily, dtype=float))]).tolist()
    dates = [first + timedelta(days=d) for d in range(len(counts))]
    epidemic = pl.DataFrame({"place": place, "date": dates, "confirmed": counts})
    places = pl.DataFrame({"place": [place], "name": ["A place"], "kind": ["area"]})
    rows = [(f"esft_{name}", None, float(value)) for name, value in (parameters or {}).items()]
    has = [(place, name, float(value)) for name, value in (capacities or {}).items()]
    return ms.make_case(
        START,
        {
            "places": places,
            "epidemic": epidemic,
            "parameters": frame(*rows, names=["parameter", "place", "value"]) if rows else pl.DataFrame(),
            "capacities": frame(*has, names=["place", "capacity", "quantity"]) if has else pl.DataFrame(),
            **tables,
        },
    )


def flat(weeks=7, per_day=10_000):
    return [per_day] * (7 * weeks)


FULL = {"perc_beds_not_covid": 0}
"""All beds of the place are for the epidemic: 800 severe, 200 critical."""


def amounts(result, step, item, column="total_amount"):
    return getattr(result, step).filter(pl.col("item") == item)[column].to_list()


def test_the_worked_example_of_800_severe_and_200_critical_beds(coefficients):
    result = esft_needs(a_case(flat(), parameters=FULL), coefficients, weeks=4)

    assert result.patients_weekly["sev_beds_inuse"].to_list() == [800] * 4
    assert result.patients_weekly["crit_beds_inuse"].to_list() == [200] * 4
    assert result.hcws_weekly["hcws_inpatient_capped"][0] == pytest.approx(2_639.65, abs=0.005)
    assert result.hcws_weekly["cleaners_inpatient_capped"][0] == pytest.approx(687.5)
    assert result.hcws_weekly["amb_personnel_inpatient_capped"][0] == 60
    assert result.hcws_weekly["bio_eng_inpatient_capped"][0] == 20
    assert amounts(result, "ppe", "Respirator")[0] == pytest.approx(18_477.6, abs=0.05)
    assert amounts(result, "ppe", "Gloves")[0] == pytest.approx(445_421.6, abs=0.5)
    assert amounts(result, "ppe", "Gown")[0] == pytest.approx(23_850.1, abs=0.05)
    assert amounts(result, "case_management", "Ventilator") == [134, 0, 0, 0]
    assert result.oxygen["o2_flow"].to_list() == [14_000] * 4


def test_the_command_writes_every_step(coefficients, tmp_path):
    item = frame(("gown", "Gown", "finished", "piece"), names=["item", "name", "stage", "unit"])
    case = a_case(flat(), parameters=FULL, items=item).replace(course="renewal", horizon="4x7")
    ms.write(case, tmp_path / "case")

    words = ["demand", tmp_path / "case", "--out", tmp_path / "out", "--method", "esft", "--coefficients", coefficients]
    assert run([*map(str, words), "--json"]) == 0

    ppe = pl.read_csv(tmp_path / "out" / "ppe.csv")
    assert ppe.select(pl.col("total_amount").sum()).item() == pytest.approx(
        esft_needs(case, coefficients, weeks=4).ppe["total_amount"].sum()
    )


def test_without_the_factor_of_ten_cleaners_are_those_of_their_hours(coefficients):
    result = esft_needs(a_case(flat(), parameters=FULL | {"cleaner_factor": 1}), coefficients, weeks=4)

    assert result.hcws_weekly["cleaners_inpatient_capped"][0] == pytest.approx(68.75)


def test_workers_who_are_not_there_limit_what_is_used(coefficients):
    few = a_case(flat(), parameters=FULL, capacities={"nurses": 900, "doctors": 100})

    result = esft_needs(few, coefficients, weeks=4)

    cap = result.hcw_caps["hcws_inpatients_cap"][0]
    assert cap == 521.05  # 0.2 * 2.63965 / (0.2 * 2.63965 + 0.8 / 10) = 0.86841; of 600 workers, in five digits
    assert result.hcws_weekly["hcws_inpatient_capped"].to_list() == [cap] * 4
    assert amounts(result, "ppe", "Respirator")[0] == pytest.approx(7 * cap)


@pytest.fixture(scope="module")
def wave(coefficients):
    """490 cases in the first and the second week, none before and after."""
    return esft_needs(a_case([0] * 21 + [70] * 14 + [0] * 21, parameters=FULL), coefficients, weeks=5)


def test_beds_fill_and_empty_with_the_wave(wave):
    sick = wave.patients_weekly
    assert sick["sev_beds_inuse"].to_list() == pytest.approx([73.5, 73.5, 0, 0, 0])  # 490 a week, 15 %, one week
    assert sick["crit_beds_inuse"].to_list() == pytest.approx([24.5, 49, 24.5, 0, 0])  # 5 %, two weeks
    assert sick["crit_patients_admitted_cap"].to_list() == pytest.approx([24.5, 24.5, 0, 0, 0])
    assert sick["discharged_crit_patients"].to_list() == pytest.approx([0, 0, 24.5, 24.5, 0])
    assert amounts(wave, "case_management", "Ventilator") == [17, 16, 0, 0, 0]
    assert amounts(wave, "case_management", "Tube") == [33, 33, 0, 0, 0]
    assert amounts(wave, "case_management", "Kit") == [1, 1, 0, 0, 0]  # 0.147 for beds and for patients, one in all


def test_workers_follow_the_mean_bed_of_the_forecast(wave):
    per_bed = (147 * 18.224181819 + 98 * 32.689375) / 245 / 8  # 147 severe and 98 critical bed-weeks

    workers = wave.hcws_weekly

    assert workers["hcws_inpatient_capped"][2] == pytest.approx(24.5 * per_bed)  # critical beds only
    assert workers["amb_personnel_inpatient_capped"].to_list() == [6, 7, 1, 0, 0]  # 98, 122.5 and 24.5 beds, 6 %
    assert workers["bio_eng_inpatient_capped"].to_list() == [2, 2, 0, 0, 0]


def test_isolation_follows_the_tests_of_the_week_and_not_the_patients(wave):
    assert wave.patients_weekly["mild_patients_nocap"].to_list() == pytest.approx([196, 392, 196, 0, 0])
    assert wave.hcws_weekly["inf_caregivers_isol_uncapped"].to_list() == pytest.approx([392, 392, 0, 0, 0])
    assert amounts(wave, "hygiene", "Hand rub") == pytest.approx([54.88, 54.88, 0, 0, 0])  # 392 for 14 days, 0.01
    assert amounts(wave, "ppe", "Scrubs", "amount_isolation") == pytest.approx([392, 392, 0, 0, 0])
    assert amounts(wave, "ppe", "Scrubs", "amount_inpatient_patient") == pytest.approx([36.75, 36.75, 0, 0, 0])


def test_full_beds_admit_new_cases_only_when_the_wave_falls(coefficients):
    days = [0] * 21 + [400] * 7 + [800] * 14 + [100] * 7 + [0] * 7

    result = esft_needs(a_case(days, parameters=FULL), coefficients, weeks=5)

    sick = result.patients_weekly
    assert sick["crit_patients_nocap"].to_list() == pytest.approx([140, 420, 560, 315, 35])
    assert sick["crit_beds_inuse"].to_list() == pytest.approx([140, 200, 200, 200, 35])
    assert sick["crit_patients_admitted_cap"].to_list() == pytest.approx([140, 60, 140, 35, 0])  # 60 beds free, 35 come
    assert sick["discharged_crit_patients"].to_list() == pytest.approx([0, 0, 140, 60, 140])
    assert amounts(result, "case_management", "Tube") == [187, 80, 187, 47, 0]


def test_who_fell_ill_in_the_first_weeks_of_the_counts_is_not_discharged(coefficients):
    result = esft_needs(a_case(flat(per_day=10), parameters=FULL), coefficients, weeks=4)

    assert result.patients_weekly["crit_patients_admitted_cap"].to_list() == pytest.approx([3.5] * 4)
    assert result.patients_weekly["discharged_crit_patients"].to_list() == pytest.approx([0, 3.5, 3.5, 3.5])
    assert result.patients_weekly["rem_crit_patients"].to_list() == pytest.approx([3.5] * 4)


def test_a_longer_stay_needs_counts_from_longer_before(coefficients):
    case = a_case(flat(weeks=8), first=START - timedelta(days=29), parameters={"stay_mild": 3})

    result = esft_needs(case, coefficients, weeks=4)

    assert result.cases_weekly["week_begins"][0] == START - timedelta(weeks=4)
    assert result.patients_weekly["week_begins"][0] == START


def test_targeted_tests_are_a_share_of_suspected_mild_and_moderate_people(coefficients, wave):
    case = a_case([0] * 21 + [70] * 14 + [0] * 21, parameters=FULL | {"perc_tested_mild_mod": 0.1})

    result = esft_needs(case, coefficients, weeks=5)

    tests = result.diagnostics_weekly.row(0, named=True)
    assert tests["testing_strategy"] == "targeted"
    assert tests["tests_suspected"] == pytest.approx(490)  # ten for each case, a tenth of them
    assert tests["tests_mild"] == tests["tests_mod"] == pytest.approx(19.6)
    assert tests["tests_diagnosis_capped_sev_crit"] == pytest.approx(98)
    assert result.screening_hcws_weekly["screening_hcw_uncapped"][0] == pytest.approx(529.2 / 70)
    assert result.hcws_weekly["inf_caregivers_isol_uncapped"][0] == pytest.approx(39.2)
    assert wave.diagnostics_weekly["testing_strategy"][0] == "all"


def test_laboratories_are_a_third_of_the_instruments_and_a_quarter_of_the_near_patient_modules(coefficients):
    instruments = {"roche_6800": 3, "hologic_panther_fusion": 1, "manual": 2, "genexpert": 8}
    enough, few = (
        esft_needs(a_case(flat(), capacities=instruments | {"labs": labs}), coefficients, weeks=4).hcws_weekly
        for labs in (600, 15)
    )

    assert (enough["cleaners_lab"][0], enough["lab_staff_capped"][0]) == (4, 12)
    assert few["lab_staff_capped"][0] == 8  # half of 15, as instruments work half for the epidemic


def test_informal_caregivers_are_not_tested_as_workers(coefficients):
    none, some = (
        esft_needs(a_case(flat(), parameters={"n_inf_caregivers_hosp": n}), coefficients, weeks=4) for n in (0, 1)
    )

    assert some.hcws_weekly["inf_caregivers_hosp_uncapped"][0] == 600
    assert some.additional_testing.equals(none.additional_testing)


def test_drugs_round_cases_and_count_a_last_week_that_is_not_full(coefficients):
    case = a_case([1] * 52)  # seven weeks and three days: 7.8 severe, 2.6 critical

    result = esft_needs(case, coefficients, weeks=4)

    assert result.cases_weekly["cases"].to_list() == [7] * 7 + [3]
    assert result.cases_weekly["week_ends"][-1] == START + timedelta(days=30)
    assert result.pharma["total_drug_form_all_severe_treated"].to_list() == [8 * 10 * 0.5]
    assert result.pharma["total_drug_form_all_crit_treated"].to_list() == [3 * 10]
    with pytest.raises(UsageError, match="known until 2022-02-02; 5 weeks need more"):
        esft_needs(case, coefficients, weeks=5)


def test_a_second_wave_wants_only_the_equipment_that_the_first_did_not(coefficients):
    waves = [0] * 21 + [70] * 7 + [0] * 14 + [140] * 7

    result = esft_needs(a_case(waves, parameters=FULL), coefficients, weeks=4)

    assert amounts(result, "case_management", "Ventilator") == [17, 0, 0, 16]


@given(st.lists(st.integers(0, 60), min_size=49, max_size=49))
@settings(max_examples=10)
def test_more_cases_never_lower_an_item_while_there_are_beds(coefficients, daily):
    fewer, more = (
        esft_needs(a_case(cases, parameters=FULL), coefficients, weeks=4).totals["total_amount"]
        for cases in (daily, [2 * n for n in daily])
    )

    assert (more >= fewer - 1e-9).all()


def test_reusable_protection_is_counted_anew_each_week_as_in_the_tool(coefficients):
    result = esft_needs(a_case(flat(), parameters=FULL), coefficients, weeks=4)

    assert amounts(result, "ppe", "Goggles") == result.hcws_weekly["hcws_inpatient_capped"].to_list()


def test_drugs_count_the_cases_of_all_weeks_as_in_the_tool(coefficients):
    result = esft_needs(a_case(flat(weeks=9), parameters=FULL), coefficients, weeks=4)

    cases = 9 * 70_000
    row = result.pharma.row(0, named=True)
    assert row["total_drug_form_all_severe_treated"] == pytest.approx(0.15 * cases * 10 * 0.5)
    assert row["total_drug_form_all_mild_treated"] == 0


def test_staff_outside_the_epidemic_use_on_five_days_and_unknown_staff_is_not_zero(coefficients):
    result = esft_needs(a_case(flat(), capacities={"other_nurses": 100, "dentists": 7}), coefficients, weeks=4)
    gown, goggles = result.noncovid.iter_rows(named=True)

    assert gown["amount_noncovid_nurses"] == 100 * 2 * 20
    assert goggles["amount_noncovid_nurses"] == 100
    assert gown["amount_noncovid_doctors"] == pytest.approx(10_000 * 0.4 * 2 * 20)
    assert goggles["amount_noncovid_doctors"] == 4_000  # one for each, though no amount is known
    assert gown["amount_dentists"] == 7 * 2 * 20
    assert gown["amount_noncovid_lab_techs"] == pytest.approx(600 * 0.5 * 2 * 20)
    assert gown["amount_midwives"] is None


def test_instruments_limit_the_tests(coefficients):
    result = esft_needs(a_case(flat()), coefficients, weeks=4)

    assert result.total_tests["total_tests_capped"].to_list() == [10 * 100 * 5 * 0.5] * 4
    assert (result.total_tests["total_tests_uncapped"] > 1e6).all()
    assert amounts(result, "diagnostics_forecast", "Swab and Viral transport medium")[0] == 2_500
    assert amounts(result, "diagnostics_forecast", "Thermocyclers") == [None] * 4


def test_each_place_is_computed_by_itself(coefficients):
    one = a_case(flat())
    other = a_case(flat(per_day=10), place="xbb", capacities={"beds": 10, "icu_beds": 1, "pcr": 2, "labs": 5})
    staff = frame(("xbb", "nurses", 9.0), ("xbb", "doctors", 9.0), names=["place", "capacity", "quantity"])
    both = one.replace(
        places=pl.concat([one["places"], other["places"]]),
        epidemic=pl.concat([one["epidemic"], other["epidemic"]]),
        capacities=pl.concat([other["capacities"], other.replace(capacities=staff)["capacities"]]),
    )

    alone, together = (esft_needs(case, coefficients, weeks=4) for case in (one, both))

    for name, step in alone.frames():
        assert step.equals(getattr(together, name).filter(pl.col("place") == "xaa")), name
    assert together.ppe["place"].unique().sort().to_list() == ["xaa", "xbb"]


def test_days_after_the_reports_come_from_the_last_projection_then_from_the_course(coefficients):
    days = [START + timedelta(days=d) for d in range(14)]
    rows = [("xaa", "new_cases", made, day, 0.5, value) for made, value in ((2, 1.0), (1, 500.0)) for day in days]
    names = ["place", "measure", "made_on", "date", "level", "value"]
    projections = frame(
        *((p, m, START - timedelta(days=made), day, level, v) for p, m, made, day, level, v in rows), names=names
    )
    dates = tuple(START + timedelta(days=d) for d in range(28))
    paths = np.broadcast_to(np.array([1.0, 7.0, 900.0], dtype=np.float32)[:, None, None], (3, 1, 28))
    course = Course(("xaa",), dates, {"new_cases": paths}, {}, np.full(3, 1 / 3))

    result = esft_needs(a_case(flat(weeks=3), projections=projections), coefficients, weeks=4, course=course)

    assert result.cases_weekly["cases"].to_list() == [70_000] * 3 + [3_500] * 2 + [49] * 2


def test_a_fall_of_the_cumulative_count_is_no_new_case(coefficients):
    result = esft_needs(a_case([10, -5] * 25), coefficients, weeks=4)

    assert result.cases_weekly["cases"].to_list() == [40, 30] * 3 + [40, 0]


def test_stays_of_the_place_stand_before_those_for_everywhere(coefficients):
    rows = frame(("esft_stay_crit", None, 3.0), ("esft_stay_crit", "xaa", 1.0), names=["parameter", "place", "value"])
    case = a_case(flat(per_day=10)).replace(parameters=rows)

    result = esft_needs(case, coefficients, weeks=4)

    assert result.patients_weekly["crit_patients_nocap"].to_list() == pytest.approx([3.5] * 4)


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (a_case(flat()).replace(epidemic=pl.DataFrame()), "needs the table epidemic"),
        (a_case(flat(weeks=5)), "known until 2022-01-16; 4 weeks need more"),
        (a_case(flat(weeks=6), first=START - timedelta(days=15)), "needs every day from 2021-12-13"),
        (a_case(flat(), place="elsewhere"), "nurses, doctors, labs, beds, icu_beds are not known"),
        (
            a_case(
                flat(),
                place="elsewhere",
                capacities={"nurses": 1, "doctors": 1, "labs": 1, "beds": 1, "icu_beds": 0},
            ),
            "platforms are pcr",
        ),
        (a_case(flat(), parameters={"stay_mild": 3}), "needs every day from 2021-12-06"),
        (a_case([]), "needs every day from 2021-12-13"),
        (a_case(flat(), parameters={"perc_tested_suspected": 1}), '"esft_perc_tested_suspected" is no parameter'),
        (a_case(flat(), parameters={"stay_sevre": 2}), '"esft_stay_sevre" is no parameter'),
        (a_case(flat(), parameters={"stay_sev": 1.5}), "whole weeks only"),
        (a_case(flat(), parameters={"sev_i_proportion": 0.5}), "must sum to 1"),
    ],
)
def test_what_is_missing_or_wrong_is_named_with_its_remedy(coefficients, case, message):
    with pytest.raises(UsageError, match=message):
        esft_needs(case, coefficients, weeks=4)


def test_a_folder_without_a_table_is_refused(tmp_path):
    with pytest.raises(UsageError, match=r"There is no .*who\.csv"):
        esft_needs(a_case(flat()), tmp_path)


def test_a_table_without_a_column_is_refused(coefficients, tmp_path):
    for file in coefficients.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    pl.read_csv(tmp_path / "hwfe.csv").drop("esft_group").write_csv(tmp_path / "hwfe.csv")

    with pytest.raises(UsageError, match=r"hwfe\.csv has no column esft_group"):
        esft_needs(a_case(flat()), tmp_path)


def test_amounts_are_rounded_up_but_not_for_a_last_digit():
    assert round_up(np.array([700.0000000003, 700.01])).tolist() == [700, 701]
