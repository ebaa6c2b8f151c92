"""The data of the page: what the plan says, compact, and nothing else."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date

import polars as pl
from tests.report.fake import FakePlan

from mainstay.report import decisions
from mainstay.report.actions import actions_of_today, shipments_of_today
from mainstay.report.coast import clip_land
from mainstay.report.data import page_data
from mainstay.report.demand import demand_facts, demand_line, demand_tables
from mainstay.report.encode import encode_table
from mainstay.report.needs import fill_by_tier, totals
from mainstay.report.page import render
from mainstay.report.situation import remarks, situation
from mainstay.report.texts import TEXTS, amount, say, share
from mainstay.tables.result_tables import RESULT_TABLES


def decode(part: dict, rows: int) -> list:
    """The values of an encoded column, as the page's script reads them."""
    if "v" in part:
        return [part["v"]] * rows
    if "d" in part:
        return [None if code < 0 else part["d"][code] for code in part["c"]]
    return part["n"]


def test_an_encoded_table_gives_back_its_values_to_five_digits(plan: FakePlan) -> None:
    frame = plan.tables["shortages"]
    encoded = encode_table(RESULT_TABLES["shortages"], frame, plan.calendar.start)
    columns = {name: decode(part, encoded["rows"]) for name, part in encoded["columns"].items()}
    assert columns["item"] == frame["item"].to_list()
    assert columns["date"] == [(d - plan.calendar.start).days for d in frame["date"]]
    assert all(abs(a - b) <= 5e-5 * abs(b) for a, b in zip(columns["need"], frame["need"], strict=True))


def test_missing_stays_missing_and_zero_stays_zero() -> None:
    frame = pl.DataFrame(
        {"place": ["a", None, "b"], "quantity": [0.0, None, 1e-4]}, schema={"place": pl.String, "quantity": pl.Float64}
    )
    table = RESULT_TABLES["reserve_releases"]
    small = replace(table, columns=tuple(c for c in table.columns if c.name in frame.columns))
    columns = encode_table(small, frame, date(2020, 1, 1))["columns"]
    assert decode(columns["place"], 3) == ["a", None, "b"]
    assert decode(columns["quantity"], 3) == [0, None, 1e-4]


def test_a_table_too_long_for_the_page_says_how_many_rows_it_has(plan: FakePlan) -> None:
    encoded = encode_table(RESULT_TABLES["shortages"], plan.tables["shortages"], plan.calendar.start, most=100)
    assert encoded["rows"] == 100
    assert encoded["total"] == plan.tables["shortages"].height


def test_the_data_is_valid_json_and_cannot_end_its_script(plan: FakePlan) -> None:
    title = "</script><script>alert(1)</script>"
    page = render(replace(plan, case=replace(plan.case, title=title)))
    assert "<script>alert(1)" not in page
    start = page.index('<script type="application/json" id="data">') + len('<script type="application/json" id="data">')
    data = json.loads(page[start : page.index("</script>", start)])
    assert data["meta"]["title"] == title


def test_fill_rates_are_served_over_needed_items_weighed_alike(plan: FakePlan) -> None:
    by_item = totals(plan.tables["shortages"], "tier", "item").filter(pl.col("tier") == "vital")
    assert abs(fill_by_tier(plan.tables["shortages"])["vital"] - by_item["fill"].mean()) < 1e-12


def test_what_sparing_use_saves_counts_as_met(plan: FakePlan) -> None:
    suits = totals(plan.tables["shortages"], "tier", "item").filter(item="mask_n95", tier="vital").row(0, named=True)
    assert suits["eased"] > 0
    assert abs(suits["fill"] - (suits["served"] + suits["eased"]) / suits["need"]) < 1e-12


def test_stepping_down_is_said_in_the_situation_and_among_the_actions_of_today(plan: FakePlan) -> None:
    assert any("use steps down to more sparing rules from 24 Jan" in line.en for line in situation(plan))
    assert len(situation(plan)) <= 10
    groups = {group.key: group.actions for group in actions_of_today(plan)}
    first = groups["do_ease"][0]
    assert re.fullmatch(r"In \*[A-Z]\w+\* use .* by contingency rules", first.text.en), first.text.en
    assert "按应变规则使用" in first.text.zh
    assert re.match(r"saves [\d,.]+( million)? \w+; .* of today's need there", first.note.en), first.note.en


def test_a_plan_without_shortage_says_that_nothing_is_unmet(plan: FakePlan) -> None:
    met = plan.tables["shortages"].with_columns(served=pl.col("need"), lost=pl.lit(0.0))
    full = replace(plan, tables={**plan.tables, "shortages": met, "reasons": plan.tables["reasons"].head(0)})
    lines = [line.en for line in situation(full)]
    assert "No need of the plan stays unmet." in lines


def test_other_items_that_run_short_say_of_which_tier(plan: FakePlan) -> None:
    (line,) = [line.en for line in situation(plan) if line.en.startswith("Short as well")]
    assert re.search(r"\((vital|essential|desirable), [\d.]+%\)", line), line


def test_the_plan_and_the_page_of_its_demand_speak_of_the_same_item(plan: FakePlan) -> None:
    assert situation(plan)[0] == demand_line(plan.demand)[0]


def test_a_place_that_ships_goods_on_is_not_said_to_have_days_of_need(plan: FakePlan) -> None:
    ships = shipments_of_today(plan).filter(pl.col("day_need") > 0).head(1)
    (origin, item, place) = ships.select("origin", "item", "destination").row(0)
    first = plan.tables["shipments"].filter(origin=origin, item=item, destination=place, date=plan.calendar.start)
    on = first.with_columns(origin=pl.lit(place), destination=pl.lit(origin), date=plan.calendar.end)
    notes = []
    for rows in (first, pl.concat([first, on])):
        groups = actions_of_today(replace(plan, tables={**plan.tables, "shipments": rows}))
        notes += [action.note.en for group in groups if group.key == "do_ship" for action in group.actions]
    assert "today's need there" in notes[0]
    assert notes[1].endswith("; some goes on from there")


def test_a_plan_from_a_later_day_says_of_which_day_its_stocks_are(plan: FakePlan) -> None:
    assert remarks(plan) == []
    later = replace(plan, case=replace(plan.case, stocks_on=date(2020, 1, 20)))
    assert "opening stocks are those of 20 Jan 2020" in render(later)


def test_a_plan_made_together_with_others_names_its_scenario_and_what_is_common(plan: FakePlan) -> None:
    page = render(replace(plan, together=("base", "dire"), common_days=2))
    assert "<title>Synthetic outbreak, 31 provinces: base</title>" in page
    assert "60 days; scenario base" in page
    assert "up to day 2 of the plan is the same in all of them, but for more sparing use" in page


def test_a_plan_with_empty_tables_is_still_a_page(plan: FakePlan) -> None:
    empty = {name: frame.head(0) for name, frame in plan.tables.items()} | {
        "shortages": plan.tables["shortages"].head(5)
    }
    assert "<h1>" in render(replace(plan, tables=empty))


def test_what_weighs_most_today_comes_first(plan: FakePlan) -> None:
    ranked = decisions.conversions(plan)
    assert ranked["weight"].is_sorted(descending=True)
    groups = {group.key: group.actions for group in actions_of_today(plan)}
    assert groups["do_convert"]
    assert "convert 2 lines from garment to suit" in groups["do_convert"][0].text.en


def test_every_text_has_both_languages_and_the_same_parts() -> None:
    for key, (en, zh) in TEXTS.items():
        assert en, key
        assert zh, key
        assert set(re.findall(r"\{(\w+)\}", zh)) <= set(re.findall(r"\{(\w+)\}", en)) | {"total"}, key


def test_amounts_are_said_in_the_way_of_each_language() -> None:
    assert amount(12_345_678).en == "12.3 million"
    assert amount(12_345_678).zh == "1,230万"
    assert amount(999_999).en == "1 million"


def test_what_is_left_of_rounding_reads_as_nothing() -> None:
    assert amount(5.96e-8).en == "0"
    assert amount(0.00012).en == "0.00012"


def test_a_noun_goes_with_its_number() -> None:
    parts = {"who": "Lianhe", "from_kind": "garment", "to_kind": "suit"}
    assert say("act_convert", **parts, lines=amount(1)).en == "*Lianhe*: convert 1 line from garment to suit"
    assert say("act_convert", **parts, lines=amount(2)).en == "*Lianhe*: convert 2 lines from garment to suit"


def test_a_share_is_never_rounded_up_to_all() -> None:
    assert share(0.99996) == "99.9%"
    assert say("more", number=share(1.0)).en == "and 100% more"


def test_land_is_cut_to_the_box() -> None:
    coast = {"scale": 1, "rings": [[-50, -50, 100, 0, 0, 100, -100, 0]]}
    (ring,) = clip_land(coast, [0, 0, 10, 10])
    assert min(x for x, _ in ring) == -12
    assert max(y for _, y in ring) == 22


def test_the_page_holds_every_result_table_but_the_one_that_repeats_the_others(plan: FakePlan) -> None:
    assert set(page_data(plan, None)["tables"]) == set(RESULT_TABLES) - {"decisions"}


def test_the_page_holds_single_places_on_the_first_day_of_each_period_and_the_last(plan: FakePlan) -> None:
    data = page_data(plan, plan.demand)
    held = data["tables"]["items_quantiles"]
    days = decode(held["columns"]["date"], held["rows"])
    assert sorted(set(days)) == data["demand"]["days"] == [*range(14), 14, 21, 28, 35, 42, 49, 56, 59]
    assert data["tables"]["totals"]["rows"] == 13 * 60


def test_a_place_that_does_not_fit_into_the_page_is_left_out_whole(plan: FakePlan) -> None:
    tables = demand_tables(plan.demand, most=1000)
    for name, of_a_place in (("items_quantiles", 13 * 22), ("people_quantiles", 3 * 22)):
        table = tables[name]
        assert set(decode(table["columns"]["place"], table["rows"])) == {"hubei", "guangdong"}
        assert table["rows"] == 2 * of_a_place


def test_the_line_on_the_epidemic_says_what_was_reported_expected_and_needed(plan: FakePlan) -> None:
    demand = plan.demand
    hubei = demand.people.filter(setting="ward", place="hubei", date=date(2020, 2, 7)).row(0, named=True)
    leading = demand_facts(demand)["item"]
    masks = demand.summary.filter(item=leading).row(0, named=True)
    (line,) = demand_line(demand)
    said = {level: amount(round(hubei[level])) for level in ("q05", "q50", "q95")}
    assert line.en == (
        "By 23 Jan *549* cases were confirmed in Hubei. Patients in hospital in *Hubei*: 730 on 24 Jan, "
        f"*{said['q50'].en}* on 7 Feb (median; 90% of paths {said['q05'].en} to {said['q95'].en}). "
        f"All places need *{amount(masks['next_q50']).en}* pieces of medical mask until 30 Jan "
        f"(median; 90% of paths {amount(masks['next_q05']).en} to {amount(masks['next_q95']).en})."
    )
    assert line.zh.startswith("截至1月23日，湖北确诊*549*例。*湖北*住院患者：1月24日730人，2月7日")


def test_reports_of_a_later_day_are_not_known_to_the_line(plan: FakePlan) -> None:
    demand = plan.demand
    later = demand.case["epidemic"].with_columns(known_on=date(2020, 1, 26))
    (line,) = demand_line(replace(demand, case=demand.case.replace(epidemic=later)))
    assert "confirmed" not in line.en


def test_without_patients_among_its_settings_a_demand_has_no_line(plan: FakePlan) -> None:
    demand = plan.demand
    settings = demand.case["settings"].filter(pl.col("setting") != "ward")
    assert demand_line(replace(demand, case=demand.case.replace(settings=settings))) == []
