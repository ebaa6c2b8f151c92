from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "mainstay_web.ledger"
    label = "ledger"

    def ready(self) -> None:
        from datetime import timedelta

        from mainstay_web.jobs.chores import CHORES, Chore
        from mainstay_web.ledger.actions import time_out

        CHORES["time_out_reservations"] = Chore(timedelta(seconds=15), time_out)
