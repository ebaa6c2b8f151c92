from django.apps import AppConfig
from django.utils.translation import gettext


class PreparingConfig(AppConfig):
    name = "mainstay_web.preparing"
    label = "preparing"

    def ready(self) -> None:
        from mainstay_web.jobs.kinds import KINDS, Kind
        from mainstay_web.preparing import words, work
        from mainstay_web.preparing.models import Preparation

        KINDS["prepare"] = Kind(
            Preparation, "readiness.run", work.prepare, words.say_stage, lambda: gettext("Preparation")
        )
