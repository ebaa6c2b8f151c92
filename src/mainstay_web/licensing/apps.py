from django.apps import AppConfig


class LicensingConfig(AppConfig):
    name = "mainstay_web.licensing"
    label = "licensing"

    def ready(self) -> None:
        from datetime import timedelta

        from mainstay_web.jobs.chores import CHORES, Chore
        from mainstay_web.licensing.actions import expire_due
        from mainstay_web.licensing.machine import LICENSING
        from mainstay_web.machines import MACHINES

        MACHINES[LICENSING.name] = LICENSING
        CHORES["expire_licences"] = Chore(timedelta(minutes=15), expire_due)
