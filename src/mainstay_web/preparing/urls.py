from django.urls import path

from mainstay_web.preparing.views import agenda, compare, designs, preparations

app_name = "preparing"
urlpatterns = [
    path("", preparations.home, name="home"),
    path("start/", preparations.start, name="start"),
    path("compare/", compare.comparison, name="compare"),
    path("calendar/", agenda.agenda, name="calendar"),
    path("calendar.ics", agenda.ics, name="ics"),
    path("calendar/<int:pk>/", agenda.mark, name="mark"),
    path("designs/<int:pk>/", designs.design, name="design"),
    path("designs/<int:pk>/part.json", designs.data, name="design_data"),
    path("designs/<int:pk>/decide/", designs.decide, name="decide"),
    path("designs/<int:pk>/tables/<slug:name>/", designs.table, name="table"),
    path("designs/<int:pk>/files/<str:name>", designs.download, name="download"),
    path("<int:pk>/", preparations.preparation, name="preparation"),
    path("<int:pk>/part.json", preparations.data, name="data"),
    path("<int:pk>/progress/", preparations.progress, name="progress"),
    path("<int:pk>/cancel/", preparations.cancel, name="cancel"),
]
