from django.urls import path

from mainstay_web.customs import views

app_name = "customs"
urlpatterns = [
    path("", views.consignments, name="consignments"),
    path("new/", views.new, name="new"),
    path("measured/", views.measured, name="measured"),
    path("<int:pk>/", views.consignment, name="consignment"),
    path("<int:pk>/steps/<slug:name>/", views.step, name="step"),
    path("<int:pk>/documents/", views.attach, name="attach"),
    path("<int:pk>/documents/<int:number>/", views.document, name="document"),
]
