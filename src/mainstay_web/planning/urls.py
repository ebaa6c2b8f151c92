from django.urls import path

from mainstay_web.planning import views

app_name = "planning"
urlpatterns = [path("", views.runs, name="runs"), path("own/", views.own, name="own")]
