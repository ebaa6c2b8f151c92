"""``mainstay-platform demo``."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from mainstay import examples
from mainstay import tables as case_tables
from mainstay.errors import MainstayError
from mainstay_web.accounts.models import Organisation
from mainstay_web.operations import demo
from mainstay_web.planning.models import Run


class Command(BaseCommand):
    help = "Fill an empty platform with a case, its plan, demo accounts and synthetic reports, and serve it here."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--case", default="hubei-2020", help="a bundled case, or a folder or workbook (hubei-2020)")
        parser.add_argument(
            "--plan", type=Path, help="folder of the case's plan, as mainstay plan wrote it; else it is made"
        )
        parser.add_argument("--port", type=int, default=8000, help="port to serve on (8000)")
        parser.add_argument("--no-serve", action="store_true", help="fill and plan, then end")

    def handle(self, *, case: str, plan: Path | None, port: int, no_serve: bool, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo is for MAINSTAY_DEMO=1 alone: its passwords are known to everybody.")
        call_command("setup", quiet=True)
        if Organisation.objects.exists():
            self.stdout.write(f"The platform in {settings.DATA} is filled already; it is served as it is.")
        else:
            self._fill(case, plan)
            if not no_serve:
                demo.prepare_example()
        if no_serve:
            call_command("worker", once=True)
            return
        self._show(port)
        call_command("serve", port=port)

    def _fill(self, case: str, plan: Path | None) -> None:
        self.stdout.write("Filling the platform: organisations, register, accounts, reports ...")
        try:
            path = examples.path(case) if case in examples.NAMES else Path(case)
            demo.set_up(case_tables.read(path), plan)
        except MainstayError as error:
            raise CommandError(str(error)) from error

    def _show(self, port: int) -> None:
        lines = [f"\nMainstay is at http://127.0.0.1:{port} (stop it with Ctrl-C). Sign in as"]
        lines += [f"  {account.name:<14} {account.words}" for account in demo.ACCOUNTS]
        lines += [f"with the password {demo.PASSWORD}. For trying on this machine alone."]
        if Run.objects.filter(state__in=Run.ACTIVE).exists():
            lines += ["The plan is being made; its progress shows under Plans."]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()
