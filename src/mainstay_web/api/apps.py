from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "mainstay_web.api"
    label = "api"
