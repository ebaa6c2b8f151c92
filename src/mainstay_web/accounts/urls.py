from django.urls import path

from mainstay_web.accounts import views

app_name = "accounts"
urlpatterns = [path("", views.organisations, name="organisations")]
