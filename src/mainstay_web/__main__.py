"""``mainstay-platform``: Django's own commands and the platform's, with its settings."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run one command; ``mainstay-platform help`` lists them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mainstay_web.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["mainstay-platform", *sys.argv[1:]])


if __name__ == "__main__":
    main()
