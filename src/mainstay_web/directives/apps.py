from datetime import timedelta

from django.apps import AppConfig


class DirectivesConfig(AppConfig):
    name = "mainstay_web.directives"
    label = "directives"

    def ready(self) -> None:
        from mainstay_web.directives.following import follow
        from mainstay_web.directives.machine import DIRECTIVES
        from mainstay_web.directives.reminders import remind
        from mainstay_web.directives.sending import send_notices
        from mainstay_web.directives.transit import with_goods_on_the_way
        from mainstay_web.jobs.chores import CHORES, Chore
        from mainstay_web.ledger.followers import FOLLOWERS
        from mainstay_web.machines import MACHINES
        from mainstay_web.planning.cases import COMPLETIONS

        FOLLOWERS.append(follow)
        COMPLETIONS.append(with_goods_on_the_way)
        MACHINES[DIRECTIVES.name] = DIRECTIVES
        CHORES["remind"] = Chore(timedelta(minutes=5), remind)
        CHORES["send_notices"] = Chore(timedelta(seconds=15), send_notices)
