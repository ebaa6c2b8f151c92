from django.apps import AppConfig


class StoriesConfig(AppConfig):
    name = "mainstay_web.stories"
    label = "stories"
