from django.apps import AppConfig


class ExercisesConfig(AppConfig):
    name = "mainstay_web.exercises"
    label = "exercises"
