from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "mainstay_web.supervision"
    label = "supervision"
