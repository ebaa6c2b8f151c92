from django.urls import path

from mainstay_web.audit import views

app_name = "audit"
urlpatterns = [path("", views.rows, name="rows")]
