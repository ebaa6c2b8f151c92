from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "mainstay_web.planning"
    label = "planning"
