from django.urls import path

from mainstay_web.supervision import views

app_name = "supervision"
urlpatterns = [
    path("", views.home, name="home"),
    path("agenda/", views.agenda, name="agenda"),
    path("organisations/", views.organisations, name="organisations"),
    path("mentions/", views.mentions, name="mentions"),
    path("mentions/<int:pk>/steps/<str:name>/", views.step, name="step"),
    path("of/<str:code>/", views.organisation, name="organisation"),
    path("of/<str:code>/mention/", views.mention, name="mention"),
]
