from django.apps import AppConfig
from django.utils.translation import gettext


class RegistryConfig(AppConfig):
    name = "mainstay_web.registry"
    label = "registry"

    def ready(self) -> None:
        from mainstay_web.jobs.kinds import KINDS, Kind
        from mainstay_web.jobs.models import Job
        from mainstay_web.registry import merging, words

        KINDS["duplicates"] = Kind(
            Job,
            "registry.merge",
            merging.search_duplicates,
            words.say_stage_of_search,
            lambda: gettext("Search for enterprises registered twice"),
        )
