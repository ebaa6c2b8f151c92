"""``mainstay-platform verify_audit``: whether the audit is as it was written."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mainstay_web.audit.chain import verify
from mainstay_web.audit.models import AuditRow


class Command(BaseCommand):
    help = "Walk the hash chain of the audit. Exit code 1 when a row was changed or is missing."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = verify()
        if broken is not None:
            where = f"Row {broken.row}" if broken.row else "The end"
            raise CommandError(
                f"{where} of the audit does not hold: {broken.why}. "
                "Keep the database as it is, compare it with the last backup, and find who could write below the "
                "platform.",
                returncode=1,
            )
        self.stdout.write(f"The audit holds: {AuditRow.objects.count()} rows, each as it was written.")
