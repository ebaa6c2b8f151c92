from django.apps import AppConfig


class CustomsConfig(AppConfig):
    name = "mainstay_web.customs"
    label = "customs"

    def ready(self) -> None:
        from mainstay_web.customs.machine import CUSTOMS
        from mainstay_web.machines import MACHINES

        MACHINES[CUSTOMS.name] = CUSTOMS
