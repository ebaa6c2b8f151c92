from django.urls import path

from mainstay_web.services import views

app_name = "services"
urlpatterns = [path("", views.home, name="home")]
