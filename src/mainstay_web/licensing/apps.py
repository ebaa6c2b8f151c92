from django.apps import AppConfig


class LicensingConfig(AppConfig):
    name = "mainstay_web.licensing"
    label = "licensing"

    def ready(self) -> None:
        from mainstay_web.licensing.machine import LICENSING
        from mainstay_web.machines import MACHINES

        MACHINES[LICENSING.name] = LICENSING
