from django.urls import path

from mainstay_web.reporting import views

app_name = "reporting"
urlpatterns = [path("", views.home, name="home")]
