from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "mainstay_web.support"
    label = "support"

    def ready(self) -> None:
        from mainstay_web.machines import MACHINES
        from mainstay_web.support.machine import ARREARS, SUPPORT

        MACHINES[SUPPORT.name] = SUPPORT
        MACHINES[ARREARS.name] = ARREARS
