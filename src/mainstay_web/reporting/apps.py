from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "mainstay_web.reporting"
    label = "reporting"
