"""``mainstay-platform restore FILE``."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mainstay.errors import UsageError
from mainstay_web.audit.chain import verify
from mainstay_web.operations.backup import restore


class Command(BaseCommand):
    help = "Put a backup in the place of database and data folder, then verify the audit. Stop the platform first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="archive that backup wrote")
        parser.add_argument("--force", action="store_true", help="replace the data that is there")

    def handle(self, *, file: Path, force: bool, **options: Any) -> None:
        try:
            manifest = restore(file, force=force)
        except UsageError as error:
            raise CommandError(str(error)) from error
        if broken := verify():
            raise CommandError(f"The audit does not hold at row {broken.row}: {broken.why}.")
        self.stdout.write(f"Restored as of {manifest['made_at']}; the audit holds.")
