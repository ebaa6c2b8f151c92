from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "mainstay_web.supervision"
    label = "supervision"

    def ready(self) -> None:
        from mainstay_web.machines import MACHINES
        from mainstay_web.supervision.machine import MENTIONS

        MACHINES[MENTIONS.name] = MENTIONS
