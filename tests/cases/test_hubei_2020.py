"""The case hubei-2020 is what its facts make it, and agrees with what was published."""

from __future__ import annotations

import csv
import importlib.util
import sys
from datetime import date
from pathlib import Path
from types import ModuleType

import polars as pl
import pytest

import mainstay as ms
from mainstay.demand import derive
from mainstay.tables import as_known

EXAMPLES = Path(__file__).parents[2] / "examples"
CASE, FACTS = EXAMPLES / "hubei-2020", EXAMPLES / "hubei-2020-facts"
DERIVED = [
    *("availability", "capacities", "enterprises", "epidemic", "lanes", "licences", "lines"),
    *("measures", "needs", "places", "profiles", "revisions", "stocks"),
]


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_hubei_2020", EXAMPLES / "make_hubei_2020.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def case() -> ms.Case:
    return ms.read(CASE)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def table(name: str) -> list[dict[str, str]]:
    return rows(CASE / f"{name}.csv")


def anchor(region: str, item: str, measure: str, day: str) -> float:
    found = [
        float(r["value"])
        for r in rows(FACTS / "anchors.csv")
        if (r["region"], r["item"], r["measure"], r["date"]) == (region, item, measure, day)
    ]
    assert len(found) == 1
    return found[0]


def lines_of(kind: str, trade: str = "", place: str = "") -> float:
    return sum(
        float(r["quantity"])
        for r in table("lines")
        if r["kind"] == kind
        and r["place"].startswith(place)
        and (not trade or r["enterprise"] == f"{r['place']}_{trade}")
    )


def rate(process: str) -> float:
    return next(float(r["rate_per_day"]) for r in table("processes") if r["process"] == process)


def need(item: str, place: str, day: date, *tiers: str) -> float:
    return sum(
        float(r["quantity"])
        for r in table("needs")
        if (r["item"], r["place"], r["date"]) == (item, place, day.isoformat()) and r["tier"] in tiers
    )


def test_the_script_gives_the_committed_tables_byte_for_byte(maker, tmp_path):
    maker.make(FACTS, CASE, tmp_path)
    assert sorted(p.stem for p in tmp_path.iterdir()) == DERIVED
    for made in tmp_path.iterdir():
        assert made.read_bytes() == (CASE / made.name).read_bytes(), made.name


def test_the_case_has_no_errors_and_warns_of_what_its_reports_really_hold(case):
    found = sorted((f.table, f.column, f.rule) for f in case.check())
    assert [f.rule for f in case.check().errors] == []
    assert found == [
        ("epidemic", "date", "reports_after_start"),
        ("epidemic", "deaths", "falling_count"),
        *[("epidemic", "recovered", "falling_count")] * 3,
    ]


def test_needs_on_a_day_come_from_what_was_known_that_day(case):
    day = date(2020, 2, 3)
    seen = case.replace(epidemic=case["epidemic"].filter(pl.col("known_on") <= day), horizon="7x1")

    one = derive(as_known(case.replace(horizon="7x1"), day), paths=20)
    other = derive(as_known(seen, day), paths=20)

    assert one.case["needs"].equals(other.case["needs"])
    assert max(seen["epidemic"]["date"]) == date(2020, 2, 2)
    patients = one.people.filter(setting="inpatient", place="hubei")["q50"][0]
    assert 9_000 < patients < 14_000  # 10,532 in care were reported for 2 February, and more came every day


def test_the_wider_definition_of_12_february_does_not_explode_the_projection(case):
    before, after = (
        derive(as_known(case.replace(horizon="7x1"), day), paths=50).people
        for day in (date(2020, 2, 12), date(2020, 2, 14))
    )

    def in_care(frame: pl.DataFrame) -> float:
        return frame.filter(setting="inpatient", place="hubei", date=date(2020, 2, 18))["q50"][0]

    assert in_care(after) < 2 * in_care(before)
    assert in_care(after) == pytest.approx(50_633, rel=0.3)  # so many were in care on 18 February


def test_all_31_provinces_and_named_ports_are_there():
    kinds = [r["kind"] for r in table("places")]
    assert kinds.count("area") == 31
    assert kinds.count("port") == 8


def test_thirteen_finished_goods_have_a_maker_and_a_need():
    finished = {r["item"] for r in table("items") if r["stage"] == "finished"}
    assert len(finished) == 13
    assert finished <= {r["item"] for r in table("processes")}
    assert finished == {r["item"] for r in table("needs")}


def test_licensed_suit_makers_of_14_provinces_make_30_000_a_day():
    makers = [r for r in table("lines") if r["enterprise"].endswith("_suit") and r["kind"] == "suit"]
    makers = [r for r in makers if "export" not in r["enterprise"]]
    assert len({r["place"] for r in makers}) == 14
    made = lines_of("suit", "suit") * rate("sew_suit")
    assert made == anchor("China", "suit", "licensed_capacity_per_day", "2020-01-26")
    hubei = lines_of("suit", "suit", "hubei") * rate("sew_suit")
    assert hubei == anchor("Hubei", "suit", "output_per_day", "2020-01-20")


def test_export_makers_without_licence_could_make_50_000_suits_a_day():
    made = lines_of("suit", "export_suit") * rate("sew_suit")
    assert made == anchor("China", "suit", "unlicensed_export_capacity_per_day", "2020-01-26")
    states = {r["state"] for r in table("licences") if r["enterprise"].endswith("export_suit")}
    assert states == {"none"}


def test_n95_lines_match_the_medical_and_the_whole_capacity():
    licensed = lines_of("n95", "n95") * rate("make_n95")
    assert licensed == anchor("China", "mask_n95", "licensed_capacity_per_day", "2020-02-01")
    whole = lines_of("n95") * rate("make_n95")
    assert whole == anchor("China", "mask_n95", "capacity_per_day", "2020-02-02")


def test_hubei_made_46_000_n95_a_day_before():
    made = lines_of("n95", "n95", "hubei") * rate("make_n95")
    assert made == pytest.approx(anchor("Hubei", "mask_n95", "output_per_day", "2020-01-20"), rel=0.05)


def test_makers_of_surgical_masks_make_2_2_million_a_day():
    assert lines_of("mask", "surgical") * rate("make_mask_surgical") == 2.2e6


def test_lines_at_work_follow_what_was_reported():
    all_lines = {r["from"]: float(r["share"]) for r in table("availability") if r["subject"] == "*"}
    for day in ("2020-02-02", "2020-02-07", "2020-02-11"):
        assert all_lines[day] == anchor("China", "mask_all", "capacity_utilisation", day)
    suits = {r["from"]: float(r["share"]) for r in table("availability") if r["subject"] == "hubei_suit-suit"}
    reported = anchor("China", "suit", "output_per_day", "2020-02-01") / 30_000
    assert suits["2020-02-01"] == pytest.approx(reported, abs=0.01)


def test_disinfectant_and_alcohol_plants_match_what_was_counted():
    bleach = lines_of("bleach") * rate("make_bleach")
    assert bleach == pytest.approx(anchor("China", "bleach", "capacity_per_day", "2020-02-13"), rel=0.01)
    alcohol = lines_of("alcohol") * rate("make_alcohol")
    assert alcohol == pytest.approx(anchor("China", "alcohol", "capacity_per_day", "2020-02-13"), rel=0.01)


def test_mask_lines_together_make_about_20_million_a_day():
    masks = lines_of("mask") * rate("make_mask_medical") + lines_of("n95") * rate("make_n95")
    assert masks == pytest.approx(20e6, rel=0.02)


def test_hubei_asks_for_100_000_suits_on_26_january():
    asked = need("suit", "hubei", date(2020, 1, 26), "vital", "essential")
    assert asked == pytest.approx(anchor("Hubei", "suit", "need_per_day", "2020-01-26"), abs=2)


def test_hubei_needs_59_400_suits_at_least_on_7_february():
    least = need("suit", "hubei", date(2020, 2, 7), "vital")
    assert least == pytest.approx(anchor("Hubei", "suit", "least_need_per_day", "2020-02-07"), abs=2)


def test_irradiation_may_release_suits_only_from_7_february():
    plants = {r["line"] for r in table("lines") if r["kind"] == "irradiator"}
    early = [r for r in table("availability") if r["subject"] in plants and r["from"] < "2020-02-07"]
    assert {r["subject"] for r in early} == plants
    assert {(r["share"], r["to"], r["blocker"]) for r in early} == {("0", "2020-02-06", "licence")}


def test_one_tonne_of_melt_blown_cloth_makes_a_million_masks():
    quantity = {(r["process"], r["item"]): float(r["quantity"]) for r in table("recipes")}
    assert 1000 / quantity["make_mask_medical", "meltblown"] == pytest.approx(1e6)
    assert 1000 / quantity["make_n95", "meltblown"] == pytest.approx(0.30e6, rel=0.01)


def test_every_row_of_the_facts_names_its_source():
    for path in FACTS.glob("*.csv"):
        assert all(r["source"].strip() for r in rows(path)), path.name


def test_the_tables_stay_small():
    assert len(table("needs")) <= 50_000
    assert (CASE / "needs.csv").stat().st_size < 3e6
