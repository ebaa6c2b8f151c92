"""``mainstay-platform backup FILE``."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mainstay.errors import UsageError
from mainstay_web.operations.backup import backup


class Command(BaseCommand):
    help = "Write database and data folder into one archive (tar.gz) while the platform runs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="new file, as in backups/2026-01-31.tar.gz")

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            manifest = backup(file)
        except UsageError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{file}: {len(manifest['files']):,} files, {file.stat().st_size:,} bytes.")
