"""Every rule has a fault that breaks it, beside the small case that breaks none; the register proves it."""

from __future__ import annotations

import pickle
import re
from dataclasses import dataclass

import pytest
from tests.tables.small import DERIVED, FILES, append, derived, edit, write_files

from mainstay.errors import DataError
from mainstay.tables import check, read
from mainstay.tables.rules.names import ALL

GBK = FILES["places.csv"].replace("West", "西").encode("gbk")

TWO_MODES = """\
item,place,tier,mode,date,saved
mask,east,vital,contingency,2020-01-24,600
mask,east,vital,crisis,2020-01-24,1000
mask,east,vital,crisis,2020-01-25,1500
"""


@dataclass(frozen=True)
class Fault:
    """One thing wrong: the changed files, and where the finding must point and what it must say."""

    rule: str
    changes: dict[str, str | bytes | None]
    table: str
    row: int | None
    column: str
    says: str
    severity: str = "error"


def f(rule, changes, table, row, column, says, severity="error"):
    return Fault(rule, changes, table, row, column, says, severity)


FAULTS = [
    # files
    f("missing_table", {"needs.csv": None}, "needs", None, "", "Add needs.csv"),
    f("missing_table", {"case.toml": None}, "case", None, "", "Add case.toml"),
    f("two_files", {"pools.parquet": b""}, "pools", None, "", "both pools.csv and pools.parquet"),
    f("unknown_file", {"stokcs.csv": "a\n"}, "stokcs.csv", None, "", 'Did you mean "stocks.csv"?', "warning"),
    f("empty_file", {"pools.csv": ""}, "pools", None, "", "pools.csv is empty"),
    f("empty_file", {"pools.csv": "\r\n\r\n"}, "pools", None, "", "pools.csv is empty"),
    f("not_text", {"pools.csv": b"PK\x03\x04rubbish"}, "pools", None, "", "a workbook or an archive"),
    f("not_text", {"pools.csv": b"pool,name\na,b\nc,\x00d\n"}, "pools", 3, "", "zero bytes"),
    f("encoding", {"places.csv": GBK}, "places", 4, "", "iconv -f GB18030 -t UTF-8 places.csv"),
    f("encoding", {"pools.csv": FILES["pools.csv"].encode("utf-16")}, "pools", None, "", "UTF-16"),
    f("encoding", {"pools.csv": FILES["pools.csv"].encode("utf-16-le")}, "pools", None, "", "UTF-16"),
    f("encoding", {"pools.csv": b"pool,name\na,caf\xe9 x\n"}, "pools", 2, "", "not UTF-8"),
    f("byte_order_mark", {"pools.csv": "\ufeff" + FILES["pools.csv"]}, "pools", None, "", "skipped", "warning"),
    f("separator", {"pools.csv": FILES["pools.csv"].replace(",", ";")}, "pools", 1, "", 'by ";"'),
    f("separator", {"pools.csv": FILES["pools.csv"].replace(",", "\t")}, "pools", 1, "", "by tabs"),
    f("broken_quotes", append("pools.csv", 'x,"open,1,day'), "pools", 5, "", "not closed"),
    f("odd_row", append("pools.csv", "x,Pool,12,000,day"), "pools", 5, "", "5 cells, the header has 4"),
    f("odd_row", append("pools.csv", "x,Pool"), "pools", 5, "", "2 cells, the header has 4"),
    f("not_parquet", {"pools.csv": None, "pools.parquet": b"rubbish"}, "pools", None, "", "as Parquet"),
    f("not_toml", {"case.toml": "start = = 1\n"}, "case", None, "", "cannot be read"),
    f("unknown_setting", append("case.toml", 'scenarios = "base"'), "case", None, "scenarios", "scenario", "warning"),
    f("missing_column", edit("pools.csv", "quantity", "Qty"), "pools", None, "quantity", "missing"),
    f("missing_column", edit("pools.csv", "basis", "basiss"), "pools", None, "basis", 'Is it the column "basiss"?'),
    f("column_twice", edit("pools.csv", "pool,name", "pool,pool"), "pools", None, "pool", "twice"),
    f("unknown_column", edit("items.csv", "weight", "wieght"), "items", None, "wieght", '"weight"?', "warning"),
    f("unknown_column", edit("items.csv", "name_zh", "中文名称"), "items", None, "中文名称", "name_zh", "warning"),
    f("unknown_column", edit("pools.csv", "pool,name", "pool,"), "pools", 1, "", "no name", "warning"),
    # cells
    f("spaces", edit("pools.csv", "support,", " support ,"), "pools", 2, "pool", "spaces", "warning"),
    f("invisible_character", edit("pools.csv", "support,", "sup\u200bport,"), "pools", 2, "pool", "sup\u25a1port"),
    f("excel_error", edit("pools.csv", "1000000", "#N/A"), "pools", 2, "quantity", "error of the spreadsheet"),
    f("excel_error", edit("pools.csv", "support,", "#REF!,"), "pools", 2, "pool", "error of the spreadsheet"),
    f(
        "shortened_number", edit("enterprises.csv", "nappies,Nappies", "4.20106E+17,Nappies"),
        "enterprises", 3, "enterprise", "cut short", "warning",
    ),
    f("wrong_type", edit("pools.csv", "1000000", "much"), "pools", 2, "quantity", '"much" is not a number'),
    f("wrong_type", edit("pools.csv", "1000000", "12 kg"), "pools", 2, "quantity", "Write only the number"),
    f("wrong_type", edit("pools.csv", "1000000", "1.2万"), "pools", 2, "quantity", "12000"),
    f("wrong_type", edit("pools.csv", "1000000", "-"), "pools", 2, "quantity", "is not a number"),
    f("wrong_type", edit("needs.csv", ",,2\n", ",,2.5\n"), "needs", 4, "patience_days", "not a whole number"),
    f("wrong_type", edit("needs.csv", "2020-01-25", "25.01.2020"), "needs", 3, "date", "Write 2020-01-25"),
    f("wrong_type", edit("needs.csv", "2020-01-25", "3/2/2020"), "needs", 3, "date", "2020-02-03 or 2020-03-02"),
    f("wrong_type", edit("needs.csv", "2020-01-25", "2020年1月25日"), "needs", 3, "date", "Write 2020-01-25"),
    f("wrong_type", edit("needs.csv", "2020-01-25", "2020-02-30"), "needs", 3, "date", "There is no day"),
    f("wrong_type", edit("needs.csv", "2020-01-25", "2020-01-25 08:30"), "needs", 3, "date", "time of day"),
    f("wrong_type", edit("enterprises.csv", "true", "maybe"), "enterprises", 2, "is_key", "neither true nor false"),
    f("wrong_type", edit("conversions.csv", "0.5;1", "0.5；1"), "conversions", 2, "ramp", "Write 0.5;1"),
    f("wrong_type", edit("case.toml", "start = 2020-01-24", "start = [1]"), "case", None, "start", "one plain value"),
    f("thousands_separator", edit("pools.csv", "1000000", '"1,000,000"'), "pools", 2, "quantity", "them: 1000000"),
    f("decimal_comma", edit("pools.csv", "1000000", '"1,5"'), "pools", 2, "quantity", "1.5"),
    f("full_width_digits", edit("pools.csv", "1000000", "１２０"), "pools", 2, "quantity", "Write 120"),
    f("percent", edit("availability.csv", "0.5", "50%"), "availability", 2, "share", "Write 0.5"),
    f("not_finite", edit("pools.csv", "1000000", "inf"), "pools", 2, "quantity", "counted with"),
    f("not_finite", edit("pools.csv", "1000000", "NaN"), "pools", 2, "quantity", "counted with"),
    f("not_finite", edit("pools.csv", "1000000", "1e999"), "pools", 2, "quantity", "too large"),
    f("excel_date", edit("needs.csv", "2020-01-25", "43855"), "needs", 3, "date", "would be 2020-01-25"),
    f("missing_value", edit("pools.csv", "1000000", ""), "pools", 2, "quantity", "Fill it in: how much there is"),
    f("missing_value", edit("case.toml", "start = 2020-01-24\n", ""), "case", None, "start", "is empty"),
    f("negative", edit("pools.csv", "1000000", "-5"), "pools", 2, "quantity", "-5 is negative"),
    f("out_of_range", edit("availability.csv", "0.5", "1.5"), "availability", 2, "share", "from 0 to 1"),
    f("out_of_range", edit("processes.csv", "200,1", "200,0"), "processes", 4, "yield_rate", "above 0 up to 1"),
    f("unknown_choice", edit("pools.csv", "horizon", "Horizont"), "pools", 2, "basis", 'Did you mean "horizon"?'),
    f("duplicate_key", append("pools.csv", "support,,1,day"), "pools", 5, "pool", "already, in row 2"),
    f(
        "duplicate_key", append("stocks.csv", "west,cloth_mask,enterprise,,1,,"),
        "stocks", 8, "place, item, owner, lot", "lot (empty) is there already, in row 6",
    ),
    f("unknown_reference", edit("stocks.csv", "east,mask", "east,msk"), "stocks", 2, "item", 'Did you mean "mask"?'),
    f(
        "unknown_reference", edit("availability.csv", "source,abroad", "source,acme_masks"),
        "availability", 5, "subject", "imports (column source)",
    ),
    # rows together
    f("unit_mismatch", edit("recipes.csv", "0.000001,t", "1,g"), "recipes", 2, "unit", "1 g is 1e-06 t"),
    f("unit_mismatch", edit("stocks.csv", "1000,piece", "1000,kg"), "stocks", 2, "unit", "measures something else"),
    f("bad_horizon", edit("case.toml", "5x1", "five days"), "case", None, "horizon", 'cannot read "five"'),
    f("bad_horizon", edit("case.toml", "5x1", "99999x1"), "case", None, "horizon", "99,999 days long"),
    f(
        "dates_out_of_order", edit("imports.csv", "2020-01-24,2020-01-31", "2020-02-24,2020-01-31"),
        "imports", 2, "from, to", "2020-02-24 is after the last day 2020-01-31",
    ),
    f(
        "dates_out_of_order", edit("reports.csv", ",2020-01-24\n", ",2020-01-20\n"),
        "reports", 2, "received_at", "before the day 2020-01-23",
    ),
    f(
        "unknown_parameter", {"parameters.csv": "parameter,value\nwindows,7\n"},
        "parameters", 2, "parameter", 'Did you mean "window"?',
    ),
    f(
        "parameter_range", {"parameters.csv": "parameter,value\nsevere_share,15\n"},
        "parameters", 2, "value", "from 0 to 1",
    ),
    f(
        "projection_kind",
        {"projections.csv": "place,measure,made_on,date,value\neast,icu,2020-01-24,2020-01-25,3\n"},
        "projections", 2, "level, path", "no quantile and no sample path",
    ),
    f(
        "revision_window", {"revisions.csv": "place,date,cases,from\neast,2020-01-24,3,2020-01-25\n"},
        "revisions", 2, "from", "before the day on which they were counted",
    ),
    f(
        "windows_overlap", edit("availability.csv", "2020-01-26", "2020-01-28"),
        "availability", 3, "from, to", "shares multiply", "warning",
    ),
    f("windows_overlap", edit("floors.csv", "2020-01-25", ""), "floors", 3, "from, to", "overlap", "warning"),
    f(
        "outside_horizon", edit("needs.csv", "2020-01-25", "2020-02-25"),
        "needs", 3, "date", "1 of 5 rows", "warning",
    ),
    f("expired_at_start", edit("stocks.csv", "2020-06-30", "2020-01-23"), "stocks", 2, "expires", "A1", "warning"),
    f("parent_cycle", edit("places.csv", "land,The land,area,", "land,The land,area,east"), "places", 2, "parent",
      "land in east in land"),
    f(
        "recipe_cycle", append("recipes.csv", "sew_suits,suit,1,"),
        "recipes", 4, "item", "suit needs suit_raw needs suit",
    ),
    f("process_cannot_run", edit("processes.csv", ",chamber", ",chambre"), "processes", 4, "line_kind",
      'Did you mean "chamber"?', "warning"),
    f(
        "process_cannot_run", {"licences.csv": FILES["licences.csv"].replace("held", "none").replace("60,3", ",")},
        "processes", 2, "licence", "holds or can get a licence for mask", "warning",
    ),
    f("conversion_of_nothing", edit("conversions.csv", ",nappy_line", ",nappies_line"), "conversions", 2, "from_kind",
      'Did you mean "nappy_line"?', "warning"),
    f("release_of_nothing", edit("recipes.csv", "release_suits,suit_raw,1,piece\n", ""), "processes", 4, "process",
      "quarantined item"),
    f("conversion_terms", edit("conversions.csv", "50000,2", "50000,"), "conversions", 3, "most", "without a limit"),
    f("conversion_terms", edit("conversions.csv", "machine,1,", "machine,,"), "conversions", 2, "machines_per_line",
      "not how many"),
    f("conversion_terms", edit("conversions.csv", "machine,1,", ",1,"), "conversions", 2, "machine", "not which"),
    f("conversion_terms", edit("conversions.csv", "nappy_line,mask_line", "mask_line,mask_line"),
      "conversions", 2, "to_kind", "into the same kind"),
    f("bad_ramp", edit("conversions.csv", "0.5;1", "0.5;0.9"), "conversions", 2, "ramp", "does not end with 1"),
    f("bad_ramp", edit("conversions.csv", "0.5;1", "0.5;0.2;1"), "conversions", 2, "ramp", "falls"),
    f("bad_ramp", edit("conversions.csv", "0.5;1", "50;100"), "conversions", 2, "ramp", "above 1"),
    f("bad_ramp", edit("conversions.csv", "0.5;1", "half;1"), "conversions", 2, "ramp", '"half"'),
    f("licence_terms", edit("licences.csv", "none,60", "applied,"), "licences", 3, "review_days", "applied for"),
    f("licence_terms", edit("licences.csv", "reviewers,2", "reviewers,"), "licences", 3, "review_effort", "how much"),
    f("licence_terms", edit("licences.csv", "reviewers,2", ",2"), "licences", 3, "reviewer_pool", "which pool"),
    f("empty_table", {"needs.csv": FILES["needs.csv"].splitlines()[0] + "\n"}, "needs", None, "", "no rows"),
    f("empty_table", {"items.csv": "item,name,stage,unit\n"}, "items", None, "", "no rows"),
    f("empty_table", {"places.csv": "place,name,kind\n"}, "places", None, "", "no rows"),
    f("unknown_scenario", edit("case.toml", '"base"', '"worst"'), "case", None, "scenario", "has base, dire"),
    f("mixed_patience", edit("needs.csv", "01-25,1500,piece,0", "01-25,1500,piece,3"), "needs", 3, "patience_days",
      "may wait 0 days in some rows and 3 in others"),
    f("import_terms", edit("imports.csv", "clearance,1", "clearance,"), "imports", 2, "express_use", "how much"),
    f("import_terms", edit("imports.csv", "clearance,1", ",1"), "imports", 2, "express_pool", "which pool"),
    f("import_terms", edit("imports.csv", "3,2,0,", "3,2,,"), "imports", 2, "express_days", "days are empty"),
    f("measure_terms", edit("measures.csv", "share", "capacity"), "measures", 2, "effect", "Write share"),
    f("measure_terms", edit("measures.csv", "share,0.3", "share,30"), "measures", 2, "amount", "more than all lines"),
    f("step_downs_exceed_need", {"step_downs.csv": TWO_MODES}, "step_downs", 2, "saved", "save 1600 of mask"),
    f("substitute_terms", edit("substitutes.csv", "mask,cloth_mask", "mask,mask"), "substitutes", 2, "substitute",
      "its own substitute"),
    f("substitute_terms", edit("substitutes.csv", "essential;", "urgent;"), "substitutes", 2, "tiers", '"urgent"'),
    f("lane_to_itself", edit("lanes.csv", "east_west,east,west", "east_west,east,east"), "lanes", 2, "destination",
      "from east to east"),
    f("cargo_without_size", edit("lanes.csv", "road,,1", "road,cloth_roll,1")
      | append("items.csv", "cloth_roll,Roll,,,raw,piece,,,,,,,,"), "lanes", 2, "cargo", "has no mass_kg"),
    f("cargo_without_size", append("items.csv", "suit_xl,Large suit,,suits,finished,piece,,,,,,,,"), "lanes", 3,
      "cargo", "suit_xl has no mass_kg", "warning"),
    f("charter_terms", edit("lanes.csv", "2000,kg", ",kg"), "lanes", 3, "capacity", "one departure"),
    f("charter_terms", edit("lanes.csv", "5000,2", ",2"), "lanes", 3, "departures_per_day", "not chartered", "warning"),
    f("unreachable_need", edit("needs.csv", "base,suit,west", "base,suit_raw,west")
      | edit("lines.csv", "acme_suits", "acme_sewing") | edit("processes.csv", "sew_suits,suit_raw", "sew_suits,suit"),
      "needs", 5, "item, place", "nothing makes, stocks or imports suit_raw", "warning"),
    f("unreachable_need", edit("needs.csv", "base,suit,west", "base,machine,port"), "needs", 5, "item, place",
      "no chain of lanes that carry machine leads there from east", "warning"),
    f("unreachable_need", {**edit("stocks.csv", "east,cloth,enterprise,,3,t,\n", ""),
                           **edit("needs.csv", "base,suit,west,vital,2020-01-28", "base,mask,port,vital,2020-01-28"),
                           "stocks.csv": "place,item,owner,lot,quantity\nwest,mask,facility,,200\n"},
      "needs", 5, "item, place", "only held by facilities elsewhere", "warning"),
    f("unreachable_need", {**edit("needs.csv", "base,suit,west,vital,2020-01-28", "base,mask,port,vital,2020-01-28"),
                           "stocks.csv": "place,item,owner,lot,quantity\neast,machine,,,1\n"},
      "needs", 5, "item, place", "cannot get all materials for mask", "warning"),
    # the epidemic, people and rules of use
    f("dates_out_of_order", derived("epidemic.csv", "2020-01-23,22", "2020-01-20,22"), "epidemic", 4, "known_on",
      "before the day 2020-01-21"),
    f("falling_count", derived("epidemic.csv", ",,40,2", ",,21,2"), "epidemic", 5, "confirmed",
      "falls from 22 to 21 on 2020-01-22", "warning"),
    f("missing_days", derived("epidemic.csv", "2020-01-22,,40", "2020-01-24,,40"), "epidemic", 5, "date",
      "no report for 2 days", "warning"),
    f("no_counts", derived("epidemic.csv") | {"epidemic.csv": None}, "epidemic", None, "confirmed",
      "no confirmed count was known on 2020-01-24"),
    f("reports_after_start", derived("epidemic.csv", "2020-01-24", "2020-01-25"), "epidemic", 7, "date",
      "1 of 6 rows", "warning"),
    f("unknown_census", derived("epidemic.csv", ",2,0,,1", ",2,0,,"), "epidemic", None, "icu",
      "not known, not zero", "warning"),
    f("capacity_nowhere", derived("settings.csv", "health_workers,0.5", "health_worker,0.5"), "settings", 2, "cap",
      'Did you mean "health_workers"?'),
    f("empty_table", derived("guidelines.csv") | {"guidelines.csv": None}, "guidelines", None, "", "no needs can",
      "warning"),
    f("empty_table", derived("settings.csv") | {"settings.csv": None}, "settings", None, "", "no needs can",
      "warning"),
    f("missing_capacity", derived("capacities.csv", "west,health_workers,300\n", ""), "settings", 4, "driver",
      "(the first is west)", "warning"),
    f("missing_population", derived("places.csv", "500000", ""), "places", 4, "population", "0 where nobody lives"),
    f("mixed_patience", derived("guidelines.csv", "basis,waste,tier", "basis,waste,patience_days")
      | {"guidelines.csv": DERIVED["guidelines.csv"].replace("waste,tier", "waste,patience_days").replace(
          "high,isolation ward,mask,conventional,4,,,", "high,isolation ward,mask,conventional,4,,,2").replace(
          "clinic,health", "x") + "high,ward two,mask,conventional,1,,,0\n",
         "settings.csv": DERIVED["settings.csv"] + "ward two,mild,1,,,,vital\n"}, "guidelines", 2, "patience_days",
      "in some rows and 2 in others"),
    f("no_guideline", derived("guidelines.csv", "low,clinic,mask,conventional,2,,,\n", ""), "settings", 4, "setting",
      "low risk", "warning"),
    f("people_gaps", derived("people.csv") | {"people.csv": FILES["people.csv"]}, "people", 2, "date",
      "1 of the 5 days", "warning"),
    f("place_without_risk", derived("places.csv", "1000000,high", "1000000,"), "places", 3, "risk", "no risk level",
      "warning"),
    f("profile_outside", derived("profiles.csv", "2020-01-27", "2020-01-21"), "profiles", 2, "from",
      "outside the plan", "warning"),
    f("setting_tiers", derived("settings.csv", "icu,1,,,,vital", "icu,1,,,,essential"), "settings", 3, "tier",
      "and vital in another"),
    f("setting_tiers", derived("people.csv") | {"people.csv": FILES["people.csv"].replace("isolation ward", "camp"),
      "guidelines.csv": DERIVED["guidelines.csv"] + "high,camp,mask,conventional,1,,,\n"}, "guidelines", 10, "tier",
      "tier of its needs is not known"),
    f("step_down_terms", derived("guidelines.csv", "contingency,2", "contingency,5"), "guidelines", 3,
      "units_per_person_day", "takes more by contingency use"),
    f("step_down_terms", derived("guidelines.csv", "conventional,4", "crisis,1"), "guidelines", 3, "mode",
      "none for conventional use"),
    f("step_down_terms", derived("guidelines.csv", "contingency,2,", "contingency,2,held"), "guidelines", 3, "basis",
      "another basis"),
    f("unknown_driver", derived("settings.csv", "clinic,health_workers", "clinic,beds"), "settings", 4, "driver",
      '"beds" is no measure'),
    f("unknown_scenario", derived("case.toml", '"base"', '"worst"'), "case", None, "scenario", "neither scenarios"),
    f("unknown_setting_of_use", derived("guidelines.csv", "high,clinic", "high,clinics"), "guidelines", 5, "setting",
      'Did you mean "clinic"?'),
    # what may stand ready
    f("option_terms", edit("options.csv", "store,store,suit", "store,store,"), "options", 3, "item",
      "does not name its item"),
    f("option_terms", edit("options.csv", "abroad,,200", ",,200"), "options", 6, "offer", "does not name its offer"),
    f("option_terms", edit("options.csv", "depot,5000", "users,5000"), "options", 3, "site", "not of the form site"),
    f("option_terms", edit("options.csv", "nappy,nappies_to_masks", "acme_masks,nappies_to_masks"), "options", 5,
      "conversion", "does not start from lines of the kind mask_line"),
    f("rotation_beyond_shelf_life", edit("options.csv", ",,365", ",,800"), "options", 4, "rotation_days",
      "used up in 800 days, but expires after 730"),
    f("future_weights", edit("futures.csv", "0.9", "0.8"), "futures", None, "weight", "sum to 0.9, not to 1"),
    f("future_without_needs", edit("futures.csv", "dire,0.1", "direr,0.1") | edit(
      "future_losses.csv", "dire", "direr"), "futures", 3, "future", 'Did you mean "dire"?'),
    f("future_without_needs", edit("needs.csv", "2020-01-24,15000", "2020-01-24,0"), "futures", 3, "future",
      "no need belongs to the future dire"),
    f("loss_of_nothing", edit("future_losses.csv", "acme", "acmee"), "future_losses", 2, "name",
      'Did you mean "acme"?'),
    # reports
    f("report_terms", {"reports.csv": FILES["reports.csv"].replace("unit", "blocker").replace("piece", "staff")},
      "reports", 2, "blocker", "beside output", "warning"),
    f("report_terms", edit("reports.csv", "output,day", "stock,cumulative"), "reports", 2, "basis", "no running total"),
    f("unknown_reporter", edit("reports.csv", "acme,", "acmee,"), "reports", 2, "reporter", 'Did you mean "acme"?',
      "warning"),
    # what may come
    f("event_range", edit("event_effects.csv", "1.5,3", "3,1.5"), "event_effects", 2, "low", "is above high"),
    f("event_range", edit("event_effects.csv", "2,3,9", "2,3,"), "event_effects", 4, "days_low, days_high", "missing"),
    f("event_days", edit("event_effects.csv", "1,1,5,5", "1,1,,"), "event_effects", 6, "days_low", "how long it lasts"),
    f("event_days", edit("event_effects.csv", "2,3,9", "2,,"), "event_effects", 4, "days_low", "how fast it fades"),
    f("out_of_range", edit("event_effects.csv", "0.2,0.8", "0.2,8"), "event_effects", 5, "high", "more than all"),
    f("out_of_range", edit("event_effects.csv", "1.5,3", "1.5,300"), "event_effects", 2, "high", "cannot be 300"),
    f("event_target", edit("event_effects.csv", "need,masks", "need,mask s"), "event_effects", 3, "target",
      '"masks"?'),
    f("event_target", edit("event_effects.csv", "source:*", "source:any"), "event_effects", 6, "target",
      "nothing called"),
    f("event_target", edit("event_effects.csv", "flood,need,*", "flood,parameter,response"), "event_effects", 4,
      "effect", "no course with parameters"),
    f("event_without_needs", edit("events.csv", ",0.5,", ",,"), "events", 4, "event", "nothing is needed in closed"),
    f("no_chance", {"events.csv": FILES["events.csv"].replace("0.05", "0").replace("0.1,", "0,").replace("0.02", "0")},
      "events", None, "chance", "no event has a chance"),
    f("judgement_missing", edit("judgements.csv", "panel,closed,0.1,\n", ""), "judgements", 2, "event",
      "closed; missing"),
    f("judgement_sum", edit("judgements.csv", "0.6", "0.7"), "judgements", 2, "weight", "sum to 1.1, not to 1"),
    f("judgement_standing", edit("judgements.csv", "0.6,", "0.6,2"), "judgements", 2, "standing", "differs"),
    f("rotation_life", edit("rotations.csv", "90,30", "720,30"), "rotations", 3, "every_days",
      "shorter than the rotation"),
    f("reserve_ages", append("stocks.csv", "east,suit,reserve,,9000,,"), "rotations", 3, "usage_per_day",
      "larger than the 3,050", "warning"),
]  # fmt: skip


def test_the_small_case_has_no_finding(tmp_path):
    case, findings = check(write_files(tmp_path))
    assert [str(finding) for finding in findings] == []
    assert case is not None


def test_the_small_case_with_derived_needs_has_no_finding(tmp_path):
    case, findings = check(write_files(tmp_path, DERIVED))
    assert [str(finding) for finding in findings] == []
    assert case is not None


def test_every_rule_has_a_fault_that_breaks_it():
    assert {fault.rule for fault in FAULTS} | {"not_a_workbook"} == set(ALL)


def in_chinese(text):
    return re.search("[一-鿿]", text.zh) and not re.search(r"[{}]|\b(the|is|not)\b", text.zh)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.rule}: {fault.says[:30]}")
def test_a_fault_is_found_where_it_is_and_says_what_to_do(fault, tmp_path):
    case, findings = check(write_files(tmp_path, fault.changes))

    hits = [
        x for x in findings if (x.rule, x.table, x.row, x.column) == (fault.rule, fault.table, fault.row, fault.column)
    ]
    assert hits, "\n".join(f"{x.rule}: {x}" for x in findings)
    assert any(fault.says in str(hit) for hit in hits), str(hits[0])
    assert all(hit.severity == fault.severity for hit in hits)
    assert all(hit.remedy and hit.message for hit in findings)
    assert all(in_chinese(hit.remedy) and in_chinese(hit.message) for hit in findings)
    assert {finding.rule for finding in findings} <= set(ALL)
    assert (case is None) == bool(findings.errors)


def test_errors_stop_reading_and_list_everything(tmp_path):
    folder = write_files(tmp_path, {**edit("pools.csv", "1000000", "much"), **edit("places.csv", "1000000", "-1")})
    with pytest.raises(DataError, match="2 errors") as caught:
        read(folder)
    assert {finding.rule for finding in caught.value.findings} == {"wrong_type", "negative"}
    elsewhere = pickle.loads(pickle.dumps(caught.value))  # as from another process
    assert (str(elsewhere), list(elsewhere.findings)) == (str(caught.value), list(caught.value.findings))


def test_a_broken_table_does_not_hide_what_is_wrong_elsewhere_nor_is_it_blamed_there(tmp_path):
    folder = write_files(tmp_path, {"places.csv": GBK, **edit("pools.csv", "1000000", "much")})
    _, findings = check(folder)
    assert [finding.rule for finding in findings] == ["encoding", "wrong_type"]


def test_rows_and_refused_rows_are_counted(tmp_path):
    text = FILES["needs.csv"].replace("1500", "-1500").replace("2020-01-24,400.5", "someday,400.5")
    _, findings = check(write_files(tmp_path, {"needs.csv": text + "odd,row\n"}))
    counts = findings.counts["needs"]
    assert (counts.rows, counts.refused, counts.accepted) == (7, 5, 2)
    assert findings.counts["items"].refused == 0


def test_an_odd_row_is_named_once_and_not_cell_by_cell(tmp_path):
    _, findings = check(write_files(tmp_path, append("needs.csv", "nobody,nothing")))
    assert [(x.rule, x.row) for x in findings] == [("odd_row", 8)]


def test_findings_are_told_in_the_words_of_the_table(tmp_path):
    _, findings = check(write_files(tmp_path, edit("pools.csv", "1000000", '"12,000"')))
    assert str(findings[0]) == (
        'pools row 2, quantity: "12,000" is not a number: it has separators between thousands. '
        "Give a number in units of the pool without them: 12000."
    )
