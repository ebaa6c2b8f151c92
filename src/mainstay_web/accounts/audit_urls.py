"""Pages of the audit: here, because they ask the rights, which the audit itself does not know."""

from django.urls import path

from mainstay_web.accounts.views import audit

app_name = "audit"
urlpatterns = [
    path("", audit.rows, name="rows"),
    path("<int:pk>/", audit.row, name="row"),
    path("verify/", audit.verify, name="verify"),
]
