from django.urls import path

from mainstay_web.support import views

app_name = "support"
urlpatterns = [
    path("", views.requests, name="requests"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.one, name="request"),
    path("<int:pk>/steps/<slug:name>/", views.step, name="step"),
    path("arrears/", views.arrears, name="arrears"),
    path("arrears/new/", views.new_arrear, name="new_arrear"),
    path("arrears/<int:pk>/", views.arrear, name="arrear"),
    path("arrears/<int:pk>/steps/<slug:name>/", views.arrear_step, name="arrear_step"),
]
