"""Addresses of the platform, an app each."""

from django.urls import include, path

from mainstay_web.accounts.views.own import language

urlpatterns = [
    path("", include("mainstay_web.dashboards.urls")),
    path("", include("mainstay_web.operations.urls")),
    path("account/", include("mainstay_web.accounts.own_urls")),
    path("language/", language, name="set_language"),
    path("organisations/", include("mainstay_web.accounts.urls")),
    path("audit/", include("mainstay_web.accounts.audit_urls")),
    path("jobs/", include("mainstay_web.jobs.urls")),
    path("register/", include("mainstay_web.registry.urls")),
    path("ledger/", include("mainstay_web.ledger.urls")),
    path("reports/", include("mainstay_web.reporting.urls")),
    path("plans/", include("mainstay_web.planning.urls")),
    path("readiness/", include("mainstay_web.preparing.urls")),
    path("replays/", include("mainstay_web.replaying.urls")),
    path("directives/", include("mainstay_web.directives.urls")),
    path("supervision/", include("mainstay_web.supervision.urls")),
    path("services/", include("mainstay_web.services.urls")),
    path("services/licences/", include("mainstay_web.licensing.urls")),
    path("services/customs/", include("mainstay_web.customs.urls")),
    path("services/support/", include("mainstay_web.support.urls")),
    path("api/", include("mainstay_web.api.urls")),
]
