"""``mainstay-platform setup``."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from mainstay_web.accounts.actions import make_first_roles


class Command(BaseCommand):
    help = "Make or upgrade the database, and the roles a new platform begins with. Safe to run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="print nothing")

    def handle(self, *, quiet: bool, **options: Any) -> None:
        call_command("migrate", verbosity=0 if quiet else 1, interactive=False)
        call_command("createcachetable", verbosity=0)
        make_first_roles()
