"""Which enterprises may be one: record linkage by Splink with fixed weights, on DuckDB in memory.

Fellegi and Sunter's model: each field that agrees multiplies the odds that two rows are one enterprise by m / u, where
m is how often the field agrees between rows of one enterprise, u between rows of two. A register has too few rows and
far too few duplicates for these to be learnt from it (expectation maximisation drifts), so m, and u of names and
registration numbers, are fixed here; u of place and industry is how often two rows drawn at random agree, counted.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

THRESHOLD = 0.6
"""Least probability of a pair that is proposed."""
SHARE_TWICE = 0.02
"""Share of enterprises that are expected to be registered twice: what the odds begin with."""
NAME_LEVELS = {"same": (0.60, 2e-6), "close": (0.25, 6e-4), "alike": (0.08, 5e-3), "other": (0.07, 0.994398)}
"""(m, u) by how alike names are: the same; close, a slip of the pen; alike, a part left out."""
NUMBER_LEVELS = {"same": (0.90, 1e-5), "close": (0.06, 1e-4), "other": (0.04, 0.99989)}
"""(m, u) of registration numbers: the same; one sign wrong."""
PLACE_M, INDUSTRY_M = 0.90, 0.80
_LEGAL = re.compile(
    r"\b(co|company|ltd|limited|llc|inc|corp|corporation|group|plc|gmbh|the)\b"
    r"|股份有限公司|有限责任公司|有限公司|集团公司|总公司|公司|集团|股份"
)
_DIGITS = str.maketrans("一二三四五六七八九", "123456789")
FIELDS = ("name", "registration_no", "place", "industry")


@dataclass(frozen=True)
class Pair:
    """Two enterprises, the probability that they are one, and the fields that agree (``~`` before a field: nearly)."""

    first: str
    second: str
    probability: float
    agree: tuple[str, ...]


def plain_name(name: str | None) -> str | None:
    """A name without its legal form, signs and spaces, so that ways of writing it do not count."""
    text = unicodedata.normalize("NFKC", name or "").lower()
    text = re.sub(r"[\W_]+", " ", _LEGAL.sub(" ", re.sub(r"[.']", "", text)))
    return " ".join(sorted(text.split())) if text.isascii() and text.strip() else text.replace(" ", "") or None


def _digits(name: str | None) -> str:
    """The numbers in a name: plant 2 is not plant 3, however alike their names are."""
    return re.sub(r"\D", "", (name or "").translate(_DIGITS))


def likely_pairs(enterprises: Sequence[Mapping[str, Any]], *, threshold: float = THRESHOLD) -> list[Pair]:
    """Pairs of enterprises that may be one, the likeliest first; rows as the table ``enterprises`` has them.

    Nothing is fetched and nothing is written: DuckDB runs in memory, with extensions switched off.
    """
    if len(enterprises) < 2:
        return []
    import duckdb
    from splink import Linker
    from splink.backends.duckdb import DuckDBAPI

    frame = _prepared(enterprises)
    with duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "memory_limit": "1GB",
            "threads": "2",
        },
    ) as connection:
        connection.register("rows_of_enterprises", frame.to_arrow())
        connection.execute("create table enterprises as select * from rows_of_enterprises")
        api = DuckDBAPI(connection)
        linker = Linker(api.register("enterprises"), _settings(frame), log_level=logging.ERROR)
        found = linker.inference.predict(threshold_match_probability=threshold)
        columns = ["unique_id_l", "unique_id_r", "match_probability", *(f"gamma_{name}" for name in FIELDS)]
        rows = connection.execute(f"select {', '.join(columns)} from {found.physical_name}").fetchall()
    pairs = [_pair(row) for row in rows]
    return sorted(pairs, key=lambda p: (-p.probability, p.first, p.second))


def _pair(row: tuple[Any, ...]) -> Pair:
    first, second = sorted(row[:2])
    name, number, place, industry = row[3:]
    agree = [
        *(["name"] if name == 3 else ["~name"] if name in (1, 2) else []),
        *(["registration_no"] if number == 2 else ["~registration_no"] if number == 1 else []),
        *(["place"] if place == 1 else []),
        *(["industry"] if industry == 1 else []),
    ]
    return Pair(first, second, float(row[2]), tuple(agree))


def _prepared(enterprises: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    records: list[dict[str, Any]] = [
        {
            "unique_id": e["enterprise"],
            "name": plain_name(e.get("name")),
            "name_zh": plain_name(e.get("name_zh")),
            "digits": _digits(e.get("name_zh") or e.get("name")),
            "registration_no": re.sub(r"\W", "", e.get("registration_no") or "").upper() or None,
            "place": e.get("place"),
            "industry": (e.get("industry") or "").strip().lower() or None,
        }
        for e in enterprises
    ]
    words = [(record["name"] or "").split() for record in records]
    common = Counter(word for name in words for word in name)
    for record, name in zip(records, words, strict=True):
        rare = [*sorted(name, key=lambda word: (common[word], word)), None, None]
        record["rarest"], record["rare"] = rare[:2]
    return pl.DataFrame(records, schema=dict.fromkeys(records[0], pl.String))


def _settings(frame: pl.DataFrame) -> Any:
    from splink import SettingsCreator, block_on

    starts = (
        ("name",),
        ("name_zh",),
        ("registration_no",),
        ("rarest",),
        ("place", "rare"),
        ("substr(name_zh, 1, 5)",),
        ("place", "substr(name_zh, 1, 3)"),
        ("place", "substr(name_zh, 4, 3)"),
    )
    return SettingsCreator(
        link_type="dedupe_only",
        probability_two_random_records_match=min(0.5, 2 * SHARE_TWICE / (frame.height - 1)),
        comparisons=[
            _comparison("name", _name_levels()),
            _comparison("registration_no", _number_levels()),
            _comparison("place", _exact_levels("place", PLACE_M, _chance(frame["place"]))),
            _comparison("industry", _exact_levels("industry", INDUSTRY_M, _chance(frame["industry"]))),
        ],
        blocking_rules_to_generate_predictions=[block_on(*columns) for columns in starts],
        retain_intermediate_calculation_columns=True,
    )


def _chance(column: pl.Series) -> float:
    """How often two rows drawn at random have the same value."""
    counts = column.drop_nulls().value_counts()["count"]
    return min(0.9, max(1e-3, float((counts / max(counts.sum(), 1)).pow(2).sum())))


def _comparison(name: str, levels: list[Any]) -> Any:
    from splink.comparison_library import CustomComparison

    return CustomComparison(output_column_name=name, comparison_levels=levels)


def _level(condition: str, m: float, u: float) -> Any:
    from splink.comparison_level_library import CustomLevel

    return CustomLevel(condition).configure(
        m_probability=m, u_probability=u, fix_m_probability=True, fix_u_probability=True
    )


def _other(m: float, u: float) -> Any:
    from splink.comparison_level_library import ElseLevel

    return ElseLevel().configure(m_probability=m, u_probability=u)


def _null(condition: str) -> Any:
    from splink.comparison_level_library import CustomLevel

    return CustomLevel(condition).configure(is_null_level=True)


def _name_levels() -> list[Any]:
    def nearer(least: float) -> str:
        return (
            f"(jaro_winkler_similarity(name_l, name_r) >= {least} "
            f"or jaro_winkler_similarity(name_zh_l, name_zh_r) >= {least}) and digits_l = digits_r"
        )

    return [
        _null("(name_l is null or name_r is null) and (name_zh_l is null or name_zh_r is null)"),
        _level("(name_l = name_r or name_zh_l = name_zh_r) and digits_l = digits_r", *NAME_LEVELS["same"]),
        _level(nearer(0.94), *NAME_LEVELS["close"]),
        _level(nearer(0.86), *NAME_LEVELS["alike"]),
        _other(*NAME_LEVELS["other"]),
    ]


def _number_levels() -> list[Any]:
    return [
        _null("registration_no_l is null or registration_no_r is null"),
        _level("registration_no_l = registration_no_r", *NUMBER_LEVELS["same"]),
        _level("damerau_levenshtein(registration_no_l, registration_no_r) = 1", *NUMBER_LEVELS["close"]),
        _other(*NUMBER_LEVELS["other"]),
    ]


def _exact_levels(column: str, m: float, u: float) -> list[Any]:
    return [
        _null(f"{column}_l is null or {column}_r is null"),
        _level(f"{column}_l = {column}_r", m, u),
        _other(1 - m, 1 - u),
    ]
