from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "mainstay_web.jobs"
    label = "jobs"
