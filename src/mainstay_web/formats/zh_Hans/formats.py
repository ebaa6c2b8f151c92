"""Thousands apart, as in English and in the report."""

THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
