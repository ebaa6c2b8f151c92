from django.urls import path

from mainstay_web.dashboards import views

app_name = "dashboards"
urlpatterns = [
    path("", views.situation, name="situation"),
    path("plans/<int:pk>/part.json", views.part_data, name="part_data"),
]
