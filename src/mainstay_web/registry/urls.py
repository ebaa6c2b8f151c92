from django.urls import path

from mainstay_web.registry import views

app_name = "registry"
urlpatterns = [path("", views.home, name="home")]
