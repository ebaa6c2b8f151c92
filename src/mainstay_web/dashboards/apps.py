from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    name = "mainstay_web.dashboards"
    label = "dashboards"
