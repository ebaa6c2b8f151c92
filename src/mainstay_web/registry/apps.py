from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "mainstay_web.registry"
    label = "registry"
