"""Make the derived tables of the case hubei-2020 from its facts.

Reads `hubei-2020-facts/` (published figures and estimates, each row with its source) and the tables of
`hubei-2020/` that are written by hand (items, processes, recipes, conversions, imports, guidelines, pools,
substitutes, targets, floors, settings, scenarios); writes the other tables of `hubei-2020/`. No chance is involved: the
same facts give the same bytes.

Run it from the root of the project: `python examples/make_hubei_2020.py`. It ends with the ratio of supply to need.
"""

from __future__ import annotations

import argparse
import csv
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

HERE = Path(__file__).parent
START, NUM_DAYS = date(2020, 1, 24), 60
DATES = [START + timedelta(days=d) for d in range(NUM_DAYS)]

Row = dict[str, str]
Rows = list[list[object]]

OBSERVED = "observed"
"""Scenario of the needs that follow from what was counted until the end of March: for comparison."""

HEALTH_WORKERS = 12_300_325
HEALTH_WORKERS_HUBEI = 521_930
ON_DUTY = 0.8
"""Health workers of China and Hubei, and the share on duty: Wu et al., EClinicalMedicine 2020."""

IN_WARDS = 0.5
"""Share of those on duty who work in hospital wards and with outpatients: estimate."""

HUBEI_ALL_SUITS, ALL_SUITS_DAY = 100_000, date(2020, 1, 26)
HUBEI_LEAST_SUITS, LEAST_SUITS_DAY = 59_400, date(2020, 2, 7)
"""Suits a day that Hubei asked for (MIIT, 26 Jan 2020) and its least need (vice-governor, 8 Feb 2020)."""

CLINICAL_CASES, CLINICAL_DAY, CLINICAL_FIRST = 12_000, date(2020, 2, 12), date(2020, 1, 27)
"""Cases counted on one day when the definition widened: of the 13,797 of that day those beyond its usual number."""

ROAD_FACTOR = 1.3
KM_PER_DAY = {"road": 700, "rail": 1200}
COST_PER_KG_KM = {"road": 0.00045, "rail": 0.0002}
CAPACITY_KG = {"ppe": 200_000, "hygiene": 1_500_000, "devices": 40_000, "mask_cloth": 150_000, "resin": 1_000_000}
CAPACITY_KG |= {"suit_cloth": 100_000, "quarantine": 60_000, "machines": 100_000, "parts": 60_000}
"""Roads are 1.3 times as long as the great circle; distances a day, freight rates and lane capacities: estimates."""

CHARTER_KG, CHARTER_COST, CHARTERS_A_DAY = 15_000, 250_000, 2
CLOTH_HUBS = ("zhejiang", "jiangsu", "shandong", "guangdong", "hubei", "henan")
CLOTH_USERS = (
    (
        "mask_cloth",
        ("mask", "n95", "suit", "gown", "goggles", "garment", "nappy", "electronics", "cars"),
        ("meltblown", "spunbond"),
    ),
    ("suit_cloth", ("suit", "garment"), ("laminating", "seam_tape")),
)
"""Family of cloth, the kinds of lines that use it, the kinds that make it; hubs trade with the nearest two."""

PART_CENTRES = ("guangdong", "jiangsu", "shanghai")
DEVICE_HUBS = ("beijing", "shanghai", "guangdong")


def read(path: Path) -> list[Row]:
    """All rows of a CSV file, as text."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, header: str, rows: Iterable[Sequence[object]]) -> None:
    """Write a CSV file with the columns of `header`."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(rows)


def tidy(value: float, digits: int = 3) -> float | int:
    """`value` with at most `digits` significant digits; whole numbers without a point."""
    if value == 0:
        return 0
    rounded = round(value, digits - 1 - math.floor(math.log10(abs(value))))
    return int(rounded) if rounded == int(rounded) else rounded


@dataclass(frozen=True)
class Facts:
    """The facts folder and the hand-written tables of the case, read once."""

    folder: Path
    case: Path

    def table(self, name: str) -> list[Row]:
        """A table of the facts."""
        return read(self.folder / f"{name}.csv")

    def case_table(self, name: str) -> list[Row]:
        """A hand-written table of the case."""
        return read(self.case / f"{name}.csv")

    @cached_property
    def provinces(self) -> dict[str, Row]:
        """Provinces by code."""
        return {r["place"]: r for r in self.table("provinces")}

    @cached_property
    def makers(self) -> list[Row]:
        """Groups of lines by province and trade."""
        return self.table("makers")

    @cached_property
    def items(self) -> dict[str, Row]:
        """Items by code."""
        return {r["item"]: r for r in self.case_table("items")}

    @cached_property
    def processes(self) -> list[Row]:
        """Processes of the case."""
        return self.case_table("processes")

    def places_with(self, *kinds: str) -> list[str]:
        """Provinces with lines of one of the kinds, in the order of the provinces."""
        found = {m["place"] for m in self.makers if m["kind"] in kinds}
        return [p for p in self.provinces if p in found]

    def km(self, a: str, b: str) -> float:
        """Great-circle distance between two capitals [km]."""
        one, two = self.provinces[a], self.provinces[b]
        lat1, lon1, lat2, lon2 = (math.radians(float(r[c])) for r in (one, two) for c in ("lat", "lon"))
        chord = math.sin((lat2 - lat1) / 2) ** 2
        chord += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
        return 2 * 6371.0088 * math.asin(math.sqrt(chord))

    def nearest(self, place: str, among: Iterable[str], number: int) -> list[str]:
        """The nearest others among some provinces."""
        return sorted((p for p in among if p != place), key=lambda p: (self.km(place, p), p))[:number]

    @cached_property
    def cases(self) -> dict[str, dict[date, Row]]:
        """Reported cases by province and day."""
        found: dict[str, dict[date, Row]] = defaultdict(dict)
        for row in self.table("cases"):
            found[row["place"]][date.fromisoformat(row["date"])] = row
        return found


# ---------------------------------------------------------------- people and needs


def confirmed(facts: Facts, place: str, day: date) -> float:
    """Confirmed cases up to a day; in Hubei the clinical cases of 12 Feb are spread over the days from 27 Jan."""
    count = float(facts.cases[place][day]["confirmed"])
    if place == "hubei" and CLINICAL_FIRST <= day < CLINICAL_DAY:
        count += CLINICAL_CASES * ((day - CLINICAL_FIRST).days + 1) / ((CLINICAL_DAY - CLINICAL_FIRST).days + 1)
    return count


def inpatients(facts: Facts, place: str, day: date) -> float:
    """People under care: confirmed, neither dead nor recovered."""
    row = facts.cases[place][day]
    return max(0.0, confirmed(facts, place, day) - float(row["deaths"]) - float(row["recovered"]))


def admissions(facts: Facts, place: str, day: date) -> float:
    """New patients a day, the mean of three days up to and from the day."""
    days = [day + timedelta(days=d) for d in (-1, 2)]
    return max(0.0, (confirmed(facts, place, days[1]) - confirmed(facts, place, days[0])) / 3)


def waning(day: date) -> float:
    """Share of the first weeks' posts that still stand: full to 7 Feb, then falling by 4 % a day, at least 0.3."""
    return max(0.3, math.exp(-0.04 * max(0, (day - LEAST_SUITS_DAY).days)))


def resumption(day: date) -> float:
    """Use by the public against January: work resumed from 10 Feb; doubled four weeks later."""
    return 1 + min(1.0, max(0.0, (day - date(2020, 2, 9)).days / 28))


def risk(facts: Facts, place: str) -> str:
    """high: Hubei; medium: more than 500 confirmed cases by 20 Feb; low: the others."""
    if place == "hubei":
        return "high"
    return "medium" if float(facts.cases[place][date(2020, 2, 20)]["confirmed"]) > 500 else "low"


def uses(facts: Facts, setting: str, item: str, level: str) -> float:
    """Units of an item per person and day in a setting, by the guidelines of the case; 0 when not listed."""
    for row in facts.case_table("guidelines"):
        if (row["setting"], row["item"], row["risk"], row["mode"]) == (setting, item, level, "conventional"):
            return float(row["units_per_person_day"])
    return 0.0


def hubei_posts(facts: Facts) -> dict[str, float]:
    """Posts at fever clinics and in the front line of Hubei, so that the suits asked for match what was published."""
    ward = uses(facts, "inpatient", "suit", "high")
    fever = HUBEI_LEAST_SUITS - ward * inpatients(facts, "hubei", LEAST_SUITS_DAY)
    front = HUBEI_ALL_SUITS - fever - ward * inpatients(facts, "hubei", ALL_SUITS_DAY)
    return {
        "fever_clinic": fever / uses(facts, "fever_clinic", "suit", "high"),
        "frontline": front / uses(facts, "frontline", "suit", "high"),
    }


def posts(facts: Facts, place: str) -> dict[str, float]:
    """Posts at fever clinics and in the front line at first; outside Hubei 2 and 8 for each 100,000 people."""
    if place == "hubei":
        return hubei_posts(facts)
    people = float(facts.provinces[place]["population"])
    return {"fever_clinic": people * 2e-5, "frontline": people * 8e-5}


def health_workers(facts: Facts, place: str) -> float:
    """Health workers on duty: the total of 2019 shared out like the workers of 2013."""
    if place == "hubei":
        return HEALTH_WORKERS_HUBEI * ON_DUTY
    others = sum(float(r["health_workers_2013"]) for p, r in facts.provinces.items() if p != "hubei")
    share = float(facts.provinces[place]["health_workers_2013"]) / others
    return (HEALTH_WORKERS - HEALTH_WORKERS_HUBEI) * share * ON_DUTY


def people(facts: Facts) -> dict[tuple[str, str], list[int]]:
    """People by place and setting, a count for each day."""
    found: dict[tuple[str, str], list[int]] = {}
    for place, row in facts.provinces.items():
        at_first, population = posts(facts, place), float(row["population"])
        series = {
            "inpatient": [inpatients(facts, place, d) for d in DATES],
            "fever_clinic": [at_first["fever_clinic"] * waning(d) for d in DATES],
            "admission": [admissions(facts, place, d) for d in DATES],
            "frontline": [at_first["frontline"] * waning(d) for d in DATES],
            "ward": [health_workers(facts, place) * IN_WARDS] * NUM_DAYS,
            "other_health": [health_workers(facts, place) * (1 - IN_WARDS)] * NUM_DAYS,
            "services": [0.02 * population] * NUM_DAYS,
            "public": [population * resumption(d) for d in DATES],
        }
        found |= {(place, setting): [round(n) for n in counts] for setting, counts in series.items()}
    return found


def needs(facts: Facts, counts: Mapping[tuple[str, str], list[int]]) -> dict[tuple[str, str, str], list[float]]:
    """Need by item, place and tier, for each day: people in a setting times use by the guidelines."""
    found: dict[tuple[str, str, str], list[float]] = {}
    guidelines = [row for row in facts.case_table("guidelines") if row["mode"] == "conventional"]
    tiers = {row["setting"]: row["tier"] for row in facts.case_table("settings")}
    for place in facts.provinces:
        level = risk(facts, place)
        for row in guidelines:
            if row["risk"] != level:
                continue
            key = (row["item"], place, tiers[row["setting"]])
            total = found.setdefault(key, [0.0] * NUM_DAYS)
            for day, count in enumerate(counts[place, row["setting"]]):
                total[day] += count * float(row["units_per_person_day"])
    return found


def needs_rows(facts: Facts, wanted: Mapping[tuple[str, str, str], list[float]]) -> Rows:
    """Rows of the table needs, in the order of the items; whole units, days without need left out."""
    rows: Rows = []
    patience = {row["item"]: int(row["patience_days"] or 0) for row in facts.case_table("guidelines")}
    for item in facts.items:
        for (of, place, tier), quantities in wanted.items():
            if of != item:
                continue
            carry = 0.0
            for day, quantity in zip(DATES, quantities, strict=True):
                carry += quantity
                whole = math.floor(carry + 1e-9)
                carry -= whole
                if whole:
                    rows.append([OBSERVED, item, place, tier, day, whole, patience[item]])
    return rows


# ---------------------------------------------------------------- the epidemic as it was known


def epidemic_rows(facts: Facts) -> Rows:
    """Counts by province and day; the bulletin of a day came out on the next morning."""
    return [
        [place, day, day + timedelta(days=1), row["confirmed"], row["deaths"], row["recovered"], row["source"]]
        for place in facts.provinces
        for day, row in sorted(facts.cases[place].items())
    ]


def revision_rows() -> Rows:
    """The cases of 12 Feb that belong to earlier days."""
    why = "clinically diagnosed cases were counted too, in Hubei alone"
    source = "National Health Commission, 13 Feb 2020; share of earlier days: estimate"
    return [["hubei", CLINICAL_DAY, CLINICAL_CASES, CLINICAL_FIRST, why, source]]


def capacity_rows(facts: Facts) -> Rows:
    """Beds, health workers and posts of each province."""
    rows: Rows = []
    for place, row in facts.provinces.items():
        posts_of = "to match what Hubei asked for" if place == "hubei" else "2 and 8 for each 100,000 people"
        figures = {
            "beds": (float(row["beds_2013"]), row["source"]),
            "health_workers": (health_workers(facts, place) / ON_DUTY, "Wu et al. 2020; shares of 2013: estimate"),
            **{f"{name}_posts": (count, f"estimate: {posts_of}") for name, count in posts(facts, place).items()},
        }
        rows += [[place, name, round(quantity), source] for name, (quantity, source) in figures.items()]
    return rows


PROFILE_STEP = 7


def profile_rows() -> Rows:
    """Factors of the posts and of use by the public over time, at steps of a week."""
    curves = {
        "posts": (waning, "posts fall by 4 % a day from 7 Feb, to 30 % at least: estimate"),
        "resumption": (resumption, "work resumed from 10 Feb; use doubles in four weeks: estimate"),
    }
    knots = [date(2020, 2, 7) + timedelta(days=PROFILE_STEP * n) for n in range(9)]
    return [[name, "", day, round(curve(day), 4), why] for name, (curve, why) in curves.items() for day in knots]


# ---------------------------------------------------------------- places and makers


def place_rows(facts: Facts) -> Rows:
    """The provinces at their capitals, then the ports."""
    rows: Rows = [
        [p, r["name"], r["name_zh"], "area", "", r["lat"], r["lon"], r["population"], risk(facts, p), r["source"]]
        for p, r in facts.provinces.items()
    ]
    for r in facts.table("ports"):
        rows.append([r["place"], r["name"], r["name_zh"], "port", r["parent"], r["lat"], r["lon"], "", "", r["source"]])
    return rows


def enterprise(maker: Row) -> str:
    """Code of the enterprise of a group of lines."""
    return f"{maker['place']}_{maker['trade']}"


def line(maker: Row) -> str:
    """Code of a group of lines."""
    return f"{enterprise(maker)}-{maker['kind']}"


def enterprise_name(facts: Facts, maker: Row) -> tuple[str, str]:
    """Name and Chinese name: of the firm where the facts name one, else of the trade in the province."""
    names = {(r["trade"], r["place"]): (r["name"], r["name_zh"]) for r in facts.table("trades")}
    firm = names.get((maker["trade"], maker["place"]))
    if firm:
        return firm
    place, (trade, trade_zh) = facts.provinces[maker["place"]], names[maker["trade"], ""]
    return f"{place['name']} {trade} (aggregate)", f"{place['name_zh']}{trade_zh}（合计）"


def enterprise_rows(facts: Facts) -> Rows:
    """One enterprise for each province and trade."""
    first: dict[str, Row] = {}
    products: dict[str, list[str]] = defaultdict(list)
    for maker in facts.makers:
        first.setdefault(enterprise(maker), maker)
        for process in facts.processes:
            known = products[enterprise(maker)]
            if process["line_kind"] == maker["kind"] and process["item"] not in known:
                known.append(process["item"])
    rows: Rows = []
    for code, m in first.items():
        names = enterprise_name(facts, m)
        row = [code, *names, m["place"], m["industry"], m["size"], m["is_key"], ";".join(products[code]), m["source"]]
        rows.append(list(row))
    return rows


def line_rows(facts: Facts) -> Rows:
    """One group of lines for each row of the makers."""
    return [[line(m), enterprise(m), m["place"], m["kind"], m["lines"], m["source"]] for m in facts.makers]


NORM_DAY = date(2020, 2, 7)
NORM_AFTER_DAYS = (NORM_DAY - START).days
"""Nobody knew of the norm for irradiation before its day."""


def licence_rows(facts: Facts) -> Rows:
    """Licences held, and those open to the fast track: three days, three units of effort in all."""
    rows: Rows = []
    for m in facts.makers:
        for item in filter(None, m["held"].split(";")):
            rows.append([enterprise(m), item, "held", "", "", "", "", 0, "", m["source"]])
        if m["kind"] == "irradiator":
            for item in ("suit", "mask_surgical"):
                note = "emergency norm for irradiation in force from 7 Feb 2020 (MIIT, 8 Feb)"
                rows.append([enterprise(m), item, "applied", NORM_AFTER_DAYS, "", "", "", 0, NORM_DAY, note])
        for item in filter(None, m["fast"].split(";")):
            note = "fast track of three days in the emergency: estimate; normal review takes longer than the horizon"
            rows.append([enterprise(m), item, "none", "", 3, "reviewers", 1, 50000, "", note])
    return rows


CURVE_OF_KIND = {"suit": "suit", "n95": "n95", "kit": "kit", "biochem": "kit", "irradiator": "irradiator"}
CURVE_OF_KIND |= {"bleach": "bleach", "chloralkali": "bleach", "alcohol": "alcohol", "distillery": "alcohol"}


def availability_rows(facts: Facts) -> Rows:
    """The resumption of work for all lines, own curves for some trades, and lanes around Hubei and over the holiday."""
    curves: dict[str, list[Row]] = defaultdict(list)
    for row in facts.table("curves"):
        curves[row["curve"]].append(row)
    rows = curve_rows("line", "*", curves["all"])
    for maker in facts.makers:
        if maker["kind"] in CURVE_OF_KIND:
            rows += curve_rows("line", line(maker), curves[CURVE_OF_KIND[maker["kind"]]])
    for lane in lane_rows(facts):
        if lane[3] == "road" and "hubei" in (lane[1], lane[2]):
            rows += curve_rows("lane", str(lane[0]), curves["lane_hubei"])
    return rows


def curve_rows(kind: str, subject: str, curve: Sequence[Row]) -> Rows:
    """Rows of availability for one subject: each share holds until the next begins."""
    ends = [str(date.fromisoformat(r["from"]) - timedelta(days=1)) for r in curve[1:]] + [""]
    return [
        [kind, subject, r["from"], end, r["share"], r["blocker"], r["source"]]
        for r, end in zip(curve, ends, strict=True)
    ]


# ---------------------------------------------------------------- stocks

FACILITY_PER_WORKER = {
    "mask_medical": 1.5,
    "mask_surgical": 0.4,
    "mask_n95": 0.02,
    "suit": 0.003,
    "gown": 0.02,
    "goggles": 0.005,
    "gloves": 0.4,
    "bleach": 0.3,
    "alcohol": 0.1,
}
"""Stock of hospitals for each health worker on duty: estimates, a few days of ordinary work."""

KEPT_BY_HOSPITALS = ("mask_surgical", "mask_n95", "suit", "ventilator")
"""What hospitals hold for themselves; of the rest, outside Hubei, they can share: it counts as in distribution."""

MAKER_STOCK_DAYS = {"finished": 1, "intermediate": 3, "raw": 5}
"""Days of full work that makers hold of what they make: estimates; stocks were low before the holiday."""

BLEACH_STOCK_DAYS = 1908 / 5895
"""Disinfectant in stock on 2 Feb 2020, 1,908 t, against the capacity of 13 Feb (MIIT)."""

CENTRAL_RESERVE = {"suit": 30_000, "mask_n95": 60_000, "mask_surgical": 500_000, "gown": 20_000, "goggles": 10_000}
CENTRAL_RESERVE |= {"gloves": 1_000_000, "ventilator": 200, "drug": 2_000}
"""Central medical reserve, at Beijing; 14,000 suits of it went to Wuhan on 25 Jan (Xinhua), the rest: estimate."""

PROVINCE_RESERVES = ("hubei", "guangdong", "shanghai", "jiangsu", "henan", "sichuan")
PROVINCE_RESERVE_PER_MILLION = {"suit": 20, "mask_n95": 200, "mask_surgical": 2_000, "mask_medical": 10_000}


def facility_rows(facts: Facts) -> Rows:
    """What hospitals hold: by health workers; ventilators by beds, one for 1,000; a course for 20,000 people."""
    rows: Rows = []
    for place, row in facts.provinces.items():
        held = {i: q * health_workers(facts, place) for i, q in FACILITY_PER_WORKER.items()}
        held["ventilator"] = float(row["beds_2013"]) / 1000
        held["drug"] = float(row["population"]) / 20_000
        for item, quantity in held.items():
            owner = "facility" if place == "hubei" or item in KEPT_BY_HOSPITALS else "enterprise"
            lot, note = f"{place}-{item}", "estimate: a fixed amount per health worker, bed or person"
            rows.append([place, item, owner, lot, math.floor(quantity), "", note])
    return rows


def maker_stock_rows(facts: Facts) -> Rows:
    """What makers hold at the start: some days of full work, of goods that carry no quarantine."""
    total: dict[tuple[str, str], float] = defaultdict(float)
    for maker in facts.makers:
        for process in facts.processes:
            item = facts.items[process["item"]]
            if process["line_kind"] != maker["kind"] or process["kind"] != "make" or item["stage"] == "equipment":
                continue
            if item["family"] == "quarantine" or (process["licence"] == "true" and not maker["held"]):
                continue
            days = BLEACH_STOCK_DAYS if process["item"] == "bleach" else MAKER_STOCK_DAYS[item["stage"]]
            total[maker["place"], process["item"]] += days * float(maker["lines"]) * float(process["rate_per_day"])
    note = (
        "estimate: days of full work: finished 1, intermediate 3, raw 5; disinfectant 1,908 t in all (MIIT, 2 Feb 2020)"
    )
    return [
        [place, item, "enterprise", f"{place}-{item}-maker", tidy(quantity), "", note]
        for (place, item), quantity in total.items()
        if quantity
    ]


def suit_stock_rows(facts: Facts) -> Rows:
    """Suits with makers: a day of sterile ones, and two days that wait for sterilisation; masks likewise."""
    rows: Rows = []
    days = {
        "suit": [("suit", 1.0), ("suit_raw", 2.0)],
        "surgical": [("mask_surgical", 1.0), ("mask_surgical_raw", 1.0)],
    }
    rate = {"suit": 250, "surgical": 100_000}
    for maker in facts.makers:
        if maker["trade"] in days and maker["kind"] != "eo":
            for item, number in days[maker["trade"]]:
                quantity = number * float(maker["lines"]) * rate[maker["trade"]]
                lot, note = f"{maker['place']}-{item}-maker", f"estimate: {number:g} days of full work"
                rows.append([maker["place"], item, "enterprise", lot, tidy(quantity), "", note])
    return rows


def reserve_rows(facts: Facts) -> Rows:
    """The central reserve and the provinces' own."""
    note = "central medical reserve: 14,000 suits sent to Wuhan on 25 Jan 2020 (Xinhua); the amount: estimate"
    rows: Rows = [["beijing", i, "reserve", f"central-{i}", q, "2021-06-30", note] for i, q in CENTRAL_RESERVE.items()]
    for place in PROVINCE_RESERVES:
        for item, quantity in PROVINCE_RESERVE_PER_MILLION.items():
            note = "estimate: provincial reserve by population, a quarter of it near its last day"
            for lot, share, expires in (("old", 0.25, "2020-02-20"), ("new", 0.75, "2021-12-31")):
                held = math.floor(share * quantity * float(facts.provinces[place]["population"]) / 1e6)
                rows.append([place, item, "reserve", f"{place}-{item}-{lot}", held, expires, note])
    return rows


# ---------------------------------------------------------------- lanes


def transit(mode: str, km: float) -> int:
    """Days on the way; a charter arrives the same day."""
    return 0 if mode == "air" else max(1, math.ceil(ROAD_FACTOR * km / KM_PER_DAY[mode]))


def lane(facts: Facts, origin: str, destination: str, cargo: str, mode: str, why: str) -> list[object]:
    """A row of the table lanes; beyond 900 km by rail where no mode is given."""
    km = facts.km(origin, destination)
    mode = mode or ("rail" if km > 900 else "road")
    code = f"{origin}-{destination}-{cargo}-{mode}"
    if mode == "air":
        means: list[object] = [0, CHARTER_KG, "kg", 0, CHARTER_COST, CHARTERS_A_DAY]
    else:
        price = round(COST_PER_KG_KM[mode] * ROAD_FACTOR * km + 0.05, 3)
        means = [transit(mode, km), CAPACITY_KG[cargo], "kg", price, "", ""]
    note = f"{why}; {km:.0f} km great circle; days, capacity and price: estimate"
    return [code, origin, destination, mode, cargo, *means, note]


def lane_rows(facts: Facts) -> Rows:
    """All lanes, each once."""
    rows = road_lanes(facts) + trunk_lanes(facts) + port_lanes(facts) + device_lanes(facts) + hygiene_lanes(facts)
    rows += cloth_lanes(facts) + resin_lanes(facts) + part_lanes(facts)
    rows += quarantine_lanes(facts) + machine_lanes(facts)
    return list({str(r[0]): r for r in rows}.values())


def road_lanes(facts: Facts) -> Rows:
    """Protective goods between neighbours, both ways only where goods may well go both ways: none leave Hubei."""
    ways = [(r["a"], r["b"]) for r in facts.table("roads")]
    ways += [(r["b"], r["a"]) for r in facts.table("roads") if r["ways"] == "2"]
    return [lane(facts, a, b, "ppe", "road", "main road between neighbours") for a, b in ways]


def trunk_lanes(facts: Facts) -> Rows:
    """Protective goods on main lines, and by chartered planes to Wuhan."""
    return [lane(facts, r["origin"], r["destination"], "ppe", r["mode"], r["source"]) for r in facts.table("trunks")]


def port_lanes(facts: Facts) -> Rows:
    """From each port to its area on the same day, for the families that land there."""
    parent = {r["place"]: r["parent"] for r in facts.table("ports")}
    landed = {(r["port"], facts.items[r["item"]]["family"]): None for r in facts.case_table("imports")}
    note = "inside one city: the same day; price: estimate"
    return [
        [
            f"{port}-{parent[port]}-{family}-road",
            port,
            parent[port],
            "road",
            family,
            0,
            500_000,
            "kg",
            0.05,
            "",
            "",
            note,
        ]
        for port, family in landed
    ]


def device_lanes(facts: Facts) -> Rows:
    """Devices and medicines: makers to the nearest hub, hubs to each other and to all provinces (nearest two)."""
    made = facts.places_with("kit", "ventilator", "thermometer", "drug")
    ways = [(p, hub) for p in made if p not in DEVICE_HUBS for hub in facts.nearest(p, DEVICE_HUBS, 1)]
    ways += [(a, b) for a in DEVICE_HUBS for b in DEVICE_HUBS if a != b]
    for place in facts.provinces:
        if place not in DEVICE_HUBS:
            number = 3 if place == "hubei" else 1
            ways += [(hub, place) for hub in facts.nearest(place, DEVICE_HUBS, number)]
    return [lane(facts, a, b, "devices", "", "express freight by hubs") for a, b in ways]


def hygiene_lanes(facts: Facts) -> Rows:
    """Disinfectant and alcohol from the nearest two makers' provinces to those that lack one of them, and to Hubei."""
    rows: Rows = []
    bleach, alcohol = facts.places_with("bleach"), facts.places_with("alcohol")
    for place in facts.provinces:
        for made in (bleach, alcohol):
            if place not in made:
                rows += [lane(facts, p, place, "hygiene", "", "bulk freight") for p in facts.nearest(place, made, 2)]
    return rows + [lane(facts, p, "hubei", "hygiene", "", "bulk freight") for p in ("henan", "hunan", "shandong")]


def cloth_lanes(facts: Facts) -> Rows:
    """Cloth and accessories from the nearest two hubs to each user, from other makers to the nearest two hubs."""
    why = "cloth and accessories"
    rows = [lane(facts, "shanghai", hub, "mask_cloth", "", "imported cloth") for hub in ("jiangsu", "zhejiang")]
    for cargo, using, making in CLOTH_USERS:
        for user in facts.places_with(*using):
            rows += [lane(facts, hub, user, cargo, "", why) for hub in facts.nearest(user, CLOTH_HUBS, 2)]
        for maker in facts.places_with(*making):
            if maker not in CLOTH_HUBS:
                rows += [lane(facts, maker, hub, cargo, "", why) for hub in facts.nearest(maker, CLOTH_HUBS, 2)]
    return rows


def resin_lanes(facts: Facts) -> Rows:
    """Resin from the nearest two plants to the makers of cloth."""
    plants = facts.places_with("polymer")
    return [
        lane(facts, plant, user, "resin", "", "resin")
        for user in facts.places_with("meltblown", "spunbond")
        for plant in facts.nearest(user, plants, 2)
    ]


def part_lanes(facts: Facts) -> Rows:
    """Parts from the nearest two makers to those who assemble; to machine makers from the centres of the trade."""
    part_makers = facts.places_with("biochem", "precision", "sensor", "synthesis", "machining")
    machine_makers = facts.places_with("machine_shop")
    rows: Rows = []
    for user in facts.places_with("kit", "ventilator", "thermometer", "drug", "machine_shop"):
        sources = PART_CENTRES if user in machine_makers else part_makers
        rows += [lane(facts, place, user, "parts", "", "parts") for place in facts.nearest(user, sources, 2)]
    return rows


def quarantine_lanes(facts: Facts) -> Rows:
    """Goods before sterilisation to the nearest two irradiation plants."""
    plants = facts.places_with("irradiator")
    return [
        lane(facts, place, plant, "quarantine", "", "goods to be sterilised")
        for place in facts.places_with("suit", "garment")
        for plant in facts.nearest(place, plants, 2)
    ]


def machine_lanes(facts: Facts) -> Rows:
    """Machines from the nearest two provinces of machine makers to where lines may be set up."""
    makers = facts.places_with("machine_shop")
    return [
        lane(facts, shop, place, "machines", "", "machines")
        for place in facts.places_with("mask", "suit", "meltblown", "garment", "electronics")
        for shop in facts.nearest(place, makers, 2)
    ]


# ---------------------------------------------------------------- measures

SHARE_MEASURES = (
    (
        "recall",
        "Bring the crews back",
        "组织员工返岗",
        "staff",
        0.15,
        3,
        4_000_000,
        ("mask", "n95", "suit", "meltblown"),
    ),
    ("chlorine", "Escort tank lorries", "保障危化品运输", "transport", 0.15, 3, 3_000_000, ("bleach",)),
    ("cobalt", "Free irradiation hours", "腾出辐照机时", "equipment", 0.05, 2, 5_000_000, ("irradiator",)),
)
MEASURE_PLACES = {
    "mask": ("hubei", "henan", "guangdong", "zhejiang", "jiangsu"),
    "n95": ("hubei", "shanghai", "guangdong", "jiangsu"),
    "suit": ("hubei", "henan", "jiangsu", "shandong"),
    "meltblown": ("shandong", "jiangsu", "guangdong"),
    "bleach": ("hubei", "henan", "shandong"),
    "irradiator": ("beijing", "jiangsu", "guangdong"),
}
TRADE_OF_KIND = {"irradiator": "irradiation"}


def measure_rows(facts: Facts) -> Rows:
    """Support for the makers that matter most, more lorries for roads to Hubei, more cargo space for imports."""
    known = {line(m) for m in facts.makers}
    rows: Rows = []
    note = "kinds of help as reported in February 2020; effect, cost and days: estimate"
    for code, name, name_zh, kind, gain, lead, cost, kinds in SHARE_MEASURES:
        for of in kinds:
            for place in MEASURE_PLACES[of]:
                target = f"{place}_{TRADE_OF_KIND.get(of, of)}-{of}"
                assert target in known, target
                where, where_zh = facts.provinces[place]["name"], facts.provinces[place]["name_zh"]
                title, title_zh = f"{name}: {of}, {where}", f"{name_zh}：{where_zh}"
                means = ["share", gain, cost, lead, "support", note]
                rows.append([f"{code}_{place}_{of}", title, title_zh, kind, "line", target, *means])
    for origin in ("henan", "hunan", "anhui"):
        where, where_zh = facts.provinces[origin]["name"], facts.provinces[origin]["name_zh"]
        title, title_zh = f"Escorted lorries from {where} to Hubei", f"{where_zh}至湖北绿色通道车队"
        means = ["capacity", 100_000, 6_000_000, 1, "support", note]
        target = f"{origin}-hubei-ppe-road"
        rows.append([f"lorries_{origin}", title, title_zh, "transport", "lane", target, *means])
    for source, quantity in (("suits_korea_b", 5_000), ("n95_america_b", 30_000)):
        title, title_zh = f"Prepay the offer {source}", f"预付货款：{source}"
        means = ["capacity", quantity, 8_000_000, 1, "support", note]
        rows.append([f"prepay_{source}", title, title_zh, "cash", "source", source, *means])
    return rows


# ---------------------------------------------------------------- all together


def balance(facts: Facts, wanted: Mapping[tuple[str, str, str], list[float]]) -> list[str]:
    """Lines of text: full capacity of the standing lines against need, by item, tier and fortnight."""
    full: dict[str, float] = defaultdict(float)
    for maker in facts.makers:
        for p in facts.processes:
            if p["line_kind"] == maker["kind"] and (p["licence"] != "true" or maker["held"]):
                full[p["item"]] += float(maker["lines"]) * float(p["rate_per_day"])
    need: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0] * NUM_DAYS)
    for (item, _, tier), series in wanted.items():
        need[item, tier] = [a + b for a, b in zip(need[item, tier], series, strict=True)]
    weeks = [0, 7, 14, 21, 28, 42, 56]
    lines = [f"{'item':15}{'tier':10}{'capacity':>12} need a day from day " + " ".join(f"{w:>9}" for w in weeks)]
    for (item, tier), series in sorted(need.items()):
        means = " ".join(f"{series[w]:9,.0f}" for w in weeks)
        lines.append(f"{item:15}{tier:10}{full[item]:12,.0f} {'':20}{means}")
    return lines


def make(facts_folder: Path, case_folder: Path, out: Path) -> list[str]:
    """Write all derived tables to `out`; returns the lines of the balance of supply and need."""
    facts = Facts(facts_folder, case_folder)
    counts = people(facts)
    wanted = needs(facts, counts)
    stocks = facility_rows(facts) + maker_stock_rows(facts) + suit_stock_rows(facts) + reserve_rows(facts)
    tables: dict[str, tuple[str, Rows]] = {
        "places": ("place,name,name_zh,kind,parent,lat,lon,population,risk,source", place_rows(facts)),
        "enterprises": (
            "enterprise,name,name_zh,place,industry,size,is_key,products,source",
            enterprise_rows(facts),
        ),
        "lines": ("line,enterprise,place,kind,quantity,source", line_rows(facts)),
        "licences": (
            "enterprise,item,state,review_days,fast_review_days,reviewer_pool,review_effort,cost,known_on,source",
            licence_rows(facts),
        ),
        "availability": ("subject_kind,subject,from,to,share,blocker,source", availability_rows(facts)),
        "stocks": ("place,item,owner,lot,quantity,expires,source", stocks),
        "lanes": (
            "lane,origin,destination,mode,cargo,transit_days,capacity,capacity_unit,unit_cost,opening_cost,"
            "departures_per_day,source",
            lane_rows(facts),
        ),
        "measures": (
            "measure,name,name_zh,kind,target_kind,target,effect,amount,cost,lead_days,budget,source",
            measure_rows(facts),
        ),
        "epidemic": ("place,date,known_on,confirmed,deaths,recovered,source", epidemic_rows(facts)),
        "revisions": ("place,date,cases,from,reason,source", revision_rows()),
        "capacities": ("place,capacity,quantity,source", capacity_rows(facts)),
        "profiles": ("profile,place,from,factor,source", profile_rows()),
        "needs": ("scenario,item,place,tier,date,quantity,patience_days", needs_rows(facts, wanted)),
    }
    for name, (header, rows) in tables.items():
        write(out / f"{name}.csv", header, rows)
    return balance(facts, wanted)


def main() -> None:
    """Write the tables beside this script, or to the folder given with --out."""
    parser = argparse.ArgumentParser(description="Make the derived tables of the case hubei-2020.")
    parser.add_argument("--out", type=Path, default=HERE / "hubei-2020", help="folder to write to")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    print("\n".join(make(HERE / "hubei-2020-facts", HERE / "hubei-2020", out)))


if __name__ == "__main__":
    main()
