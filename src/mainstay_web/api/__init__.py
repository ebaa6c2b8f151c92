"""The same reads and writes for machines: versioned, with tokens."""
