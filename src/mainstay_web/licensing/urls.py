from django.urls import path

from mainstay_web.licensing import views

app_name = "licensing"
urlpatterns = [
    path("", views.applications, name="applications"),
    path("new/", views.new, name="new"),
    path("requirements/", views.requirements, name="requirements"),
    path("<int:pk>/", views.application, name="application"),
    path("<int:pk>/steps/<slug:name>/", views.step, name="step"),
    path("<int:pk>/documents/", views.attach, name="attach"),
    path("<int:pk>/documents/<int:number>/", views.document, name="document"),
]
