from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "mainstay_web.operations"
    label = "operations"
