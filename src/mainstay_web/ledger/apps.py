from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "mainstay_web.ledger"
    label = "ledger"

    def ready(self) -> None:
        from mainstay_web.jobs.kinds import CHORES
        from mainstay_web.ledger.actions import time_out

        CHORES.append(time_out)
