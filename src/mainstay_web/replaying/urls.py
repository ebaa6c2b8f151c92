from django.urls import path

from mainstay_web.replaying.views import compare, exercises, mornings, replays, results

app_name = "replaying"
urlpatterns = [
    path("", replays.replays, name="replays"),
    path("start/", replays.start, name="start"),
    path("compare/", compare.comparison, name="compare"),
    path("<int:pk>/", replays.replay, name="replay"),
    path("<int:pk>/progress/", replays.progress, name="progress"),
    path("<int:pk>/cancel/", replays.cancel, name="cancel"),
    path("<int:pk>/part.json", results.replay_data, name="replay_data"),
    path("<int:pk>/tables/<slug:name>/", results.replay_table, name="replay_table"),
    path("<int:pk>/files/<str:name>", results.download, name="download"),
    path("exercises/", exercises.exercises, name="exercises"),
    path("exercises/start/", exercises.start, name="start_exercise"),
    path("exercises/<int:pk>/", mornings.exercise, name="exercise"),
    path("exercises/<int:pk>/decide/", mornings.decide, name="decide"),
    path("exercises/<int:pk>/plan/", mornings.plan, name="plan"),
    path("exercises/<int:pk>/undo/", exercises.undo, name="undo"),
    path("exercises/<int:pk>/end/", exercises.end, name="end"),
    path("exercises/<int:pk>/part.json", results.exercise_data, name="exercise_data"),
    path("exercises/<int:pk>/tables/<slug:name>/", results.exercise_table, name="exercise_table"),
]
