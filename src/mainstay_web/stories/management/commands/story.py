"""``mainstay-platform story``."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from mainstay import examples
from mainstay import tables as case_tables
from mainstay.errors import MainstayError
from mainstay_web.accounts.models import Organisation
from mainstay_web.stories.lead import lead
from mainstay_web.stories.story import FAILS, Story
from mainstay_web.stories.telling import LANGUAGES


class Command(BaseCommand):
    help = "Live through a story on an empty platform: reports, plan, directives, a failure; then serve it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--case", default="hubei-2020", help="a bundled case, or a folder or workbook (hubei-2020)")
        parser.add_argument("--days", type=int, default=Story.days, help="days to live through (10)")
        parser.add_argument("--horizon", default=Story.horizon, help=f"periods of the plans ({Story.horizon})")
        parser.add_argument("--gap", type=float, default=Story.gap, help=f"gap at which a plan is good ({Story.gap})")
        parser.add_argument("--maker", default="", help="enterprise that fails (one of weight)")
        parser.add_argument("--lang", choices=sorted(LANGUAGES), default="en", help="language of what is told (en)")
        parser.add_argument("--port", type=int, default=8000, help="port to serve on (8000)")
        parser.add_argument("--no-serve", action="store_true", help="end after the last day")

    def handle(self, *, case: str, no_serve: bool, port: int, lang: str, **written: Any) -> None:
        if not settings.DEMO:
            raise CommandError("A story is for MAINSTAY_DEMO=1 alone: its passwords are known to everybody.")
        call_command("setup", quiet=True)
        if Organisation.objects.exists():
            raise CommandError(
                f"The platform in {settings.DATA} is filled already. Point MAINSTAY_DATA to an empty folder."
            )
        path = examples.path(case) if case in examples.NAMES else Path(case)
        try:
            written["maker"] = written["maker"] or FAILS.get(path.name, "")
            story = Story(**{name: written[name] for name in ("days", "horizon", "gap", "maker")})
            with translation.override(LANGUAGES[lang]):
                for line in lead(case_tables.read(path), story, lang):
                    self.stdout.write(line)
                    self.stdout.flush()
        except MainstayError as error:
            raise CommandError(str(error)) from error
        if not no_serve:
            call_command("demo", port=port)
