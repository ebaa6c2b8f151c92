from django.urls import path

from mainstay_web.reporting.views import office, questionnaires, reporter, upload

app_name = "reporting"
urlpatterns = [
    path("", reporter.home, name="home"),
    path("of/<str:code>/", reporter.form, name="form"),
    path("of/<str:code>/received/", reporter.received, name="received"),
    path("of/<str:code>/figures/", reporter.figures, name="figures"),
    path("of/<str:code>/series/", reporter.series, name="series"),
    path("of/<str:code>/upload/", upload.upload, name="upload"),
    path("of/<str:code>/<slug:questionnaire>.xlsx", upload.template, name="template"),
    path("submissions/<int:pk>/", reporter.submission, name="submission"),
    path("submissions/<int:pk>/refused.csv", upload.refused, {"kind": "csv"}, name="refused_csv"),
    path("submissions/<int:pk>/refused.xlsx", upload.refused, {"kind": "xlsx"}, name="refused_xlsx"),
    path("figures/<int:pk>/", reporter.figure, name="figure"),
    path("coverage/", office.coverage, name="coverage"),
    path("findings/", office.findings, name="findings"),
    path("findings/<int:pk>/", office.finding, name="finding"),
    path("findings/<int:pk>/acknowledge/", office.acknowledge, name="acknowledge"),
    path("capacity/", office.usable, name="capacity"),
    path("questionnaires/", questionnaires.index, name="questionnaires"),
    path("questionnaires/<int:pk>/", questionnaires.one, name="questionnaire"),
    path("questionnaires/<int:pk>/change/", questionnaires.change, name="change_questionnaire"),
    path("questionnaires/<int:pk>/lines/", questionnaires.add_line, name="add_line"),
    path("questionnaires/<int:pk>/publish/", questionnaires.publish, name="publish"),
    path("questionnaires/<int:pk>/withdraw/", questionnaires.withdraw, name="withdraw"),
    path("questionnaires/<int:pk>/version/", questionnaires.new_version, name="new_version"),
    path("questionnaires/lines/<int:pk>/remove/", questionnaires.remove_line, name="remove_line"),
]
