"""Result tables of stress: names and texts in English and in Chinese, and what is written where."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from mainstay.chain.words import Names, Words, share_words
from mainstay.stress.disruption import Disruption, Target
from mainstay.tables import Case
from mainstay.tables.frames import conform
from mainstay.tables.stress_tables import STRESS_TABLES
from mainstay.units import UNIT_WORDS

if TYPE_CHECKING:
    from mainstay.stress.harden import Hardening
    from mainstay.stress.reverse import Blow
    from mainstay.stress.run import Exposure, Stress

MARK = "stress.json"
"""The file by which a folder is known to hold the results of stress."""
SEVERAL = "several"

TEXTS: dict[str, Words] = {
    "harmless": (
        "Lost for {days} days, it costs no need: others make up for it.",
        "中断{days}天不影响任何需求，其余来源可以补上。",
    ),
    "costs": (
        "Lost for {days} days, it costs {share} of all weighted need, most of it {item} in {place} ({lost} {unit}). "
        "{survived}",
        "中断{days}天损失加权需求的{share}，以{place}的{item}最重（{lost}{unit}）。{survived}",
    ),
    "survived": ("A loss of up to {days} days costs nothing more.", "中断不超过{days}天时不增加损失。"),
    "at_once": ("It costs something from the first hour.", "一旦中断即有损失。"),
    "lane": ("{origin} to {destination}, {mode}", "{origin}至{destination}（{mode}）"),
    "source": ("{item}, {source}", "{item}（{source}）"),
    "stock": (
        "Hold {quantity} {unit} more of {item} in {place} beforehand.",
        "在{place}预先多储备{item}{quantity}{unit}。",
    ),
    "offer": ("Contract {quantity} {unit} more of {item} with {name}.", "向{name}加订{item}{quantity}{unit}。"),
    "room": ("Contract {quantity} more room on {name}.", "在{name}加订运力{quantity}。"),
    "budget": ("Add {quantity} to the budget {name}.", "向资金池{name}追加{quantity}。"),
}
MODES = {"road": "公路", "rail": "铁路", "air": "航空", "sea": "海运"}


def told(key: str, **parts: Words) -> Words:
    """A text in both languages, its parts filled in."""
    en, zh = TEXTS[key]
    return en.format(**{k: v[0] for k, v in parts.items()}), zh.format(**{k: v[1] for k, v in parts.items()})


def both(text: str) -> Words:
    """What is the same in both languages."""
    return text, text


def number(value: float) -> str:
    """A quantity for reading, three digits kept.

    >>> number(1234567.0), number(0.125)
    ('1,230,000', '0.125')
    """
    return f"{float(f'{value:.3g}'):,g}" if abs(value) < 1e6 else f"{float(f'{value:.3g}'):,.0f}"


class Labels:
    """Names of what can be lost, and where it is."""

    def __init__(self, case: Case) -> None:
        self._names = Names(case)
        self._lanes = {row["lane"]: row for row in case["lanes"].iter_rows(named=True)}
        self._sources = {row["source"]: row for row in case["imports"].iter_rows(named=True)}
        self._enterprises = dict(case["enterprises"].select("enterprise", "place").iter_rows())
        self._lines = {row["line"]: row for row in case["lines"].iter_rows(named=True)}
        self._units = dict(case["items"].select("item", "unit").iter_rows())

    def item(self, code: str) -> Words:
        """Name of an item."""
        return self._names.item(code)

    def place(self, code: str | None) -> Words:
        """Name of a place."""
        return self._names.place(code)

    def unit(self, item: str) -> Words:
        """What an item is counted in."""
        unit = self._units.get(item) or ""
        return UNIT_WORDS.get(unit, (unit, unit))

    def target(self, target: Target) -> Words:
        """Name of what is lost."""
        code = target.name
        plain = both(code.replace("_", " "))
        if target.kind == "enterprise":
            return self._names.enterprise(code)
        if target.kind == "region":
            return self._names.place(code)
        if target.kind == "item":
            return self._names.item(code)
        if target.kind == "line":
            return plain
        if target.kind == "lane":
            lane = self._lanes[code]
            mode = lane["mode"]
            ends = {end: self._names.place(lane[end]) for end in ("origin", "destination")}
            return told("lane", **ends, mode=(mode, MODES.get(mode, mode)))
        if target.kind == "source":
            return told("source", item=self._names.item(self._sources[code]["item"]), source=plain)
        return plain

    def disruption(self, disruption: Disruption) -> Words:
        """Names of all that is lost at once."""
        each = [self.target(target) for target in disruption.targets]
        return " + ".join(en for en, _ in each), "＋".join(zh for _, zh in each)

    def where(self, target: Target) -> str | None:
        """The place of what is lost; None where it has none."""
        if target.kind == "enterprise":
            return str(self._enterprises[target.name])
        if target.kind == "region":
            return target.name
        if target.kind == "lane":
            return str(self._lanes[target.name]["origin"])
        if target.kind == "source":
            return str(self._sources[target.name]["port"])
        if target.kind == "line":
            return str(self._lines[target.name]["place"])
        return None


def exposures(found: Stress) -> pl.DataFrame:
    """The table ``exposures``."""
    labels = Labels(found.model.case)
    rows = [_exposure(found, labels, rank, each) for rank, each in enumerate(found.exposures, 1)]
    return _frame("exposures", rows)


def _exposure(found: Stress, labels: Labels, rank: int, exposure: Exposure) -> dict[str, Any]:
    disruption = exposure.disruption
    label = labels.disruption(disruption)
    worst = _worst(found, exposure)
    text = _text(found, labels, exposure, worst)
    return {
        "rank": rank,
        "disruption": disruption.name,
        "kind": _kind(disruption),
        "label": label[0],
        "label_zh": label[1],
        "place": labels.where(disruption.targets[0]) if len(disruption.targets) == 1 else None,
        "share": disruption.share,
        "loss": exposure.loss,
        "loss_share": exposure.loss / found.all_lost if found.all_lost > 0 else 0.0,
        "index": found.index(exposure),
        "fill_rate": exposure.fill_rate,
        "recover_days": exposure.recover_days,
        "survive_days": exposure.survive_days if np.isfinite(exposure.survive_days) else None,
        "is_exposed": exposure.is_exposed,
        "worst_item": worst[0] if worst else None,
        "worst_place": worst[1] if worst else None,
        "text": text[0],
        "text_zh": text[1],
    }


def _kind(disruption: Disruption) -> str:
    return disruption.targets[0].kind if len(disruption.targets) == 1 else SEVERAL


def _worst(found: Stress, exposure: Exposure) -> tuple[str, str, float] | None:
    """Item and place of the heaviest loss, and its quantity."""
    if exposure.loss <= 0:
        return None
    weighed = (
        exposure.lost.filter(pl.col("lost") > 0)
        .join(found.model.need.select("item", "place", "tier", "weight"), on=["item", "place", "tier"], how="left")
        .with_columns(worth=pl.col("lost") * pl.col("weight"))
        .sort("worth", "item", "place", descending=[True, False, False], nulls_last=True)
    )
    if weighed.is_empty():
        return None
    row = weighed.row(0, named=True)
    return row["item"], row["place"], row["lost"]


def _text(found: Stress, labels: Labels, exposure: Exposure, worst: tuple[str, str, float] | None) -> Words:
    days = both(f"{exposure.disruption.days:g}")
    if worst is None:
        return told("harmless", days=days)
    item, place, lost = worst
    survived: Words = both("")
    if exposure.survive_days >= 1e-3:
        survived = told("survived", days=both(f"{exposure.survive_days:.3g}"))
    elif exposure.survive_days >= 0:
        survived = told("at_once")
    en, zh = told(
        "costs",
        days=days,
        share=both(share_words(exposure.loss / found.all_lost)),
        item=labels.item(item),
        place=labels.place(place),
        lost=both(number(lost)),
        unit=labels.unit(item),
        survived=survived,
    )
    return en.strip(), zh


def losses(found: Stress) -> pl.DataFrame:
    """The table ``stress_losses``."""
    parts = [
        each.lost.with_columns(disruption=pl.lit(each.disruption.name)) for each in found.exposures if each.loss > 0
    ]
    declared = STRESS_TABLES["stress_losses"]
    return conform(declared, pl.concat(parts)) if parts else _frame("stress_losses", [])


def blow_table(case: Case, blow: Blow | None, weights: Mapping[Target, float] | None = None) -> pl.DataFrame:
    """The table ``blow``: one row for each thing that is lost in it."""
    labels, rows = Labels(case), []
    if blow is not None and blow.disruption is not None:
        for rank, target in enumerate(blow.disruption.targets, 1):
            en, zh = labels.target(target)
            weight = (weights or {}).get(target, 1.0)
            rows.append(
                {
                    "rank": rank, "disruption": str(target), "kind": target.kind, "label": en, "label_zh": zh,
                    "place": labels.where(target), "weight": weight,
                }
            )  # fmt: skip
    return _frame("blow", rows)


def hardening_table(case: Case, hardening: Hardening | None) -> pl.DataFrame:
    """The table ``hardening``."""
    labels, rows = Labels(case), []
    actions = hardening.actions.iter_rows(named=True) if hardening is not None and hardening.is_enough else ()
    for rank, row in enumerate(actions, 1):
        en, zh = told(
            row["what"],
            quantity=both(number(row["quantity"])),
            unit=labels.unit(row["item"] or ""),
            item=labels.item(row["item"] or ""),
            place=labels.place(row["place"]),
            name=both((row["name"] or "").replace("_", " ")),
        )
        told_row = {name: row[name] for name in ("what", "name", "item", "place", "quantity", "cost")}
        rows.append({"rank": rank, **told_row, "text": en, "text_zh": zh})
    return _frame("hardening", rows)


def _frame(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    declared = STRESS_TABLES[name]
    return conform(declared, pl.DataFrame(rows, infer_schema_length=None) if rows else pl.DataFrame())


def summary(found: Stress, blow: Blow | None, hardening: Hardening | None) -> dict[str, Any]:
    """What was asked, what was found, how well it is proven, ready for JSON."""
    result: dict[str, Any] = {
        "case": found.model.case.title,
        "inputs_hash": found.model.case.hash,
        "horizon": found.model.network.calendar.text,
        "scenario": found.model.case.scenario,
        "disruptions": len(found.exposures),
        "harmful": sum(each.is_exposed for each in found.exposures),
        "undisturbed_loss": found.undisturbed,
        "all_lost": found.all_lost,
        "seconds": {name: round(value, 3) for name, value in found.seconds.items()},
    }
    if blow is not None:
        result["blow"] = {
            "target": blow.target,
            "undisturbed_fill": blow.undisturbed,
            "lost": [str(target) for target in blow.disruption.targets] if blow.disruption else [],
            "possible": blow.weight != np.inf,
            "weight": blow.weight if blow.weight != np.inf else None,
            "bound": blow.bound if blow.bound != np.inf else None,
            "gap": blow.gap if blow.weight != np.inf else None,
            "fill_rate": blow.fill_rate,
            "rounds": blow.rounds,
            "candidates": blow.candidates,
        }
    if hardening is not None:
        result["hardening"] = {
            "enough": hardening.is_enough,
            "cost": hardening.cost if hardening.is_enough else None,
            "fill_rate": hardening.fill_rate,
            "without": hardening.without,
            "possible": hardening.possible,
        }
    return result


def write(tables: Mapping[str, pl.DataFrame], told_of: Mapping[str, Any], folder: Path) -> Path:
    """Write each table as CSV, and last what was found as ``stress.json``; say where."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).unlink(missing_ok=True)
    for name in STRESS_TABLES:
        tables[name].write_csv(folder / f"{name}.csv")
    text = json.dumps(told_of, ensure_ascii=False, indent=2, allow_nan=False)
    (folder / MARK).write_text(text + "\n", encoding="utf-8")
    return folder
