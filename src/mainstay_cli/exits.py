"""Exit codes of every command."""

DONE = 0
"""All is well."""
FINDINGS = 1
"""The tables have errors, or no plan passes its check."""
WRONG_USE = 2
"""The command line asks for what cannot be done."""
FAULT = 3
"""A fault of Mainstay itself."""
STOPPED = 130
"""Stopped with Ctrl-C before there was anything to keep."""
