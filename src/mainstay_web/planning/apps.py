from django.apps import AppConfig
from django.utils.translation import gettext


class PlanningConfig(AppConfig):
    name = "mainstay_web.planning"
    label = "planning"

    def ready(self) -> None:
        from mainstay_web.jobs.kinds import KINDS, Kind
        from mainstay_web.jobs.models import Job
        from mainstay_web.planning import words, work
        from mainstay_web.planning.models import Run

        KINDS["plan"] = Kind(Run, "plans.run", work.plan_run, words.say_stage, lambda: gettext("Plan"))
        KINDS["import"] = Kind(
            Job, "registry.import", work.import_case, words.say_stage_of_import, lambda: gettext("Import of a case")
        )
        KINDS["stress"] = Kind(
            Job, "plans.run", work.stress_run, words.say_stage_of_stress, lambda: gettext("Stress test")
        )
