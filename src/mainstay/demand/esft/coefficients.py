"""The coefficient tables of the ESFT method, as the user brings them: one folder of CSV files."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import polars as pl

from mainstay.errors import UsageError

_LONG_PEOPLE = ("doctor", "nurse", "lab_tech", "midwife", "dentist", "physio", "traditional_compl", "chw", "pharmacist")


@dataclass(frozen=True)
class Coefficients:
    """One frame for each file; ``NA`` is read as not known.

    Attributes
    ----------
    who : country_code, country_name, population, nurses, doctors, labs, ..., beds_total, perc_icu_beds [percent]
    hwfe : occupational_title, patient_t24_* [hours of a worker per patient and day, by severity], esft_group
    equipment : category, group, item, unit, reusable, amount_per_*_per_day
    pharmaceuticals : drug, form_per_*_course, perc_*_treated
    noncovid : category, group, item, unit, reusable, amount_per_noncovid_*_per_day
    diagnostics : country_code, a column of instruments or modules for each platform
    throughput : platform, platform_key, type, throughput_8hrs ..., shifts_day, days_week, covid_capacity
    hours_per_shift : shifts, hours
    """

    who: pl.DataFrame
    hwfe: pl.DataFrame
    equipment: pl.DataFrame
    pharmaceuticals: pl.DataFrame
    noncovid: pl.DataFrame
    diagnostics: pl.DataFrame
    throughput: pl.DataFrame
    hours_per_shift: pl.DataFrame


_NUMBERS = ("amount_", "form_per_", "perc_", "patient_", "throughput_")
"""Columns of numbers begin so; one that is all ``NA`` would be read as text."""

_NEEDED = {
    "who": ("country_code", "nurses", "doctors", "labs", "beds_total", "perc_icu_beds"),
    "hwfe": ("patient_t24_sev", "patient_t24_crit", "esft_group"),
    "equipment": ("category", "group", "item", "unit", "reusable", "amount_per_inpatient_hcw_per_day"),
    "pharmaceuticals": (
        "drug",
        *(name for s in ("mild", "mod", "sev", "crit") for name in (f"form_per_{s}_course", f"perc_{s}_treated")),
    ),
    "noncovid": ("item", "reusable", *(f"amount_per_noncovid_{who}_per_day" for who in _LONG_PEOPLE)),
    "diagnostics": ("country_code",),
    "throughput": ("platform", "platform_key", "type", "shifts_day", "days_week", "covid_capacity"),
    "hours_per_shift": ("shifts", "hours"),
}


def read_coefficients(folder: Path) -> Coefficients:
    """Read the folder.

    Raises
    ------
    UsageError : a file or a column is missing, or a cell is no number; names it
    """
    frames = {f.name: _read(folder / f"{f.name}.csv", _NEEDED[f.name]) for f in fields(Coefficients)}
    for name in ("equipment", "noncovid"):
        frames[name] = frames[name].with_columns(
            reusable=pl.col("reusable").cast(pl.String).str.to_lowercase() == "true"
        )
    return Coefficients(**frames)


def _read(path: Path, columns: tuple[str, ...]) -> pl.DataFrame:
    if not path.is_file():
        files = ", ".join(f"{f.name}.csv" for f in fields(Coefficients))
        raise UsageError(f"There is no {path}. The folder of coefficients needs {files}.")
    frame = pl.read_csv(path, null_values="NA", infer_schema_length=None)
    lost = [name for name in columns if name not in frame.columns]
    if lost:
        raise UsageError(f"{path} has no column {', '.join(lost)}. Add it; docs/demand/esft.md lists the columns.")
    numbers = [name for name in frame.columns if name.startswith(_NUMBERS)]
    try:
        return frame.with_columns(pl.col(numbers).cast(pl.Float64))
    except pl.exceptions.InvalidOperationError as error:
        raise UsageError(
            f"{path} has text where numbers are expected. Write NA where none is known. ({error})"
        ) from None
