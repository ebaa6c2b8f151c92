from django.apps import AppConfig
from django.utils.translation import gettext


class ReplayingConfig(AppConfig):
    name = "mainstay_web.replaying"
    label = "replaying"

    def ready(self) -> None:
        from mainstay_web.jobs.kinds import KINDS, Kind
        from mainstay_web.jobs.models import Job
        from mainstay_web.replaying import words, work
        from mainstay_web.replaying.models import Replay

        KINDS["replay"] = Kind(Replay, "replays.run", work.run_replay, words.say_stage, lambda: gettext("Replay"))
        KINDS["morning"] = Kind(
            Job, "replays.decide", work.plan_morning, words.say_stage_of_plan, lambda: gettext("Plan of a morning")
        )
