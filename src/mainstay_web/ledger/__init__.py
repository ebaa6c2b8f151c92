"""Stock by place, item, lot and owner as double entry: never negative, never edited, corrected by reversals alone."""
