from django.urls import path

from mainstay_web.dashboards import views

app_name = "dashboards"
urlpatterns = [path("", views.situation, name="situation")]
