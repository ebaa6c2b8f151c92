from django.urls import path

from mainstay_web.api.v1 import api

urlpatterns = [path("v1/", api.urls)]
