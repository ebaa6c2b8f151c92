"""Names of all rules, in words: those of files and single cells here, those of rows together with their modules."""

from __future__ import annotations

from mainstay.tables.rules import RULES

FILE_RULES: dict[str, str] = {
    "missing_table": "A case has its settings and the tables items and places, and needs unless they are derived.",
    "two_files": "A table is in one file.",
    "unknown_file": "Each data file or sheet is named after a table; others are not read.",
    "empty_file": "A file or sheet has a header.",
    "not_text": "A CSV file is text.",
    "encoding": "Text is UTF-8; GBK, UTF-16 and others are named, with the way to convert them.",
    "byte_order_mark": "A byte-order mark is skipped.",
    "separator": "Columns are separated by commas.",
    "broken_quotes": "Quoted cells are closed.",
    "odd_row": "Each row has as many cells as the header.",
    "not_parquet": "A .parquet file can be read as such.",
    "not_a_workbook": "A workbook can be opened.",
    "not_toml": "case.toml can be read as TOML.",
    "unknown_setting": "Each setting has a known name; others are not read.",
    "missing_column": "Columns that must be given are there.",
    "column_twice": "A column or setting is there once.",
    "unknown_column": "Each column is one of the table's; others are not read.",
}
"""Rules of files, sheets and headers."""

CELL_RULES: dict[str, str] = {
    "spaces": "Cells have no spaces around them; they are read without.",
    "invisible_character": "Cells hold no characters that cannot be seen.",
    "excel_error": "Cells hold no errors of the spreadsheet (#N/A, #REF!).",
    "shortened_number": "Codes were not cut short by a spreadsheet (4.2E+17).",
    "wrong_type": "A cell fits the type of its column.",
    "thousands_separator": "Numbers are written without separators: 12000, not 12,000.",
    "decimal_comma": "Numbers have a decimal point.",
    "full_width_digits": "Numbers are written with plain digits.",
    "percent": "Shares are written from 0 to 1, not in percent.",
    "not_finite": "Numbers can be counted with: no inf, no nan, none that is too large.",
    "excel_date": "Dates are dates, not the day numbers of a spreadsheet.",
    "missing_value": "Cells that must be given are not empty.",
    "negative": "Quantities are not negative.",
    "out_of_range": "Numbers lie within the range of their column.",
    "unknown_choice": "A choice is one of those listed.",
    "duplicate_key": "No two rows have the same key.",
    "unknown_reference": "A code that refers to another table is there.",
}
"""Rules of single cells, and of keys and references, which follow from the declaration of each column."""

ROW_RULES: dict[str, str] = {}
for _rule in RULES:
    ROW_RULES[_rule.name] = f"{ROW_RULES[_rule.name]} {_rule.text}" if _rule.name in ROW_RULES else _rule.text

ALL: dict[str, str] = {**FILE_RULES, **CELL_RULES, **ROW_RULES}
"""Every rule that a finding may name."""
