from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "mainstay_web.services"
    label = "services"
