from django.urls import path, re_path

from mainstay_web.planning.views import cases, compare, own, results, runs, scenarios

app_name = "planning"
urlpatterns = [
    path("", runs.runs, name="runs"),
    path("start/", runs.start, name="start"),
    path("compare/", compare.comparison, name="compare"),
    path("own/", own.own, name="own"),
    path("cases/", cases.cases, name="cases"),
    re_path(r"^cases/export/(?P<format>csv|xlsx|parquet)/$", cases.export, name="export_case"),
    path("scenarios/", scenarios.scenarios, name="scenarios"),
    path("scenarios/<int:pk>/", scenarios.scenario, name="scenario"),
    path("scenarios/<int:pk>/run/", scenarios.run_it, name="run_scenario"),
    path("scenarios/<int:pk>/add/<slug:kind>/", scenarios.add_change, name="add_change"),
    path("scenarios/<int:pk>/remove/<int:number>/", scenarios.remove_change, name="remove_change"),
    path("<int:pk>/", runs.run, name="run"),
    path("<int:pk>/progress/", runs.progress, name="progress"),
    path("<int:pk>/cancel/", runs.cancel, name="cancel"),
    path("<int:pk>/decide/", runs.decide, name="decide"),
    path("<int:pk>/what-if/", scenarios.add, name="what_if"),
    path("<int:pk>/shortages/", results.shortages, name="shortages"),
    path("<int:pk>/why/", results.why, name="why"),
    path("<int:pk>/tables/<slug:name>/", results.table, name="table"),
    path("<int:pk>/report/", results.report, name="report"),
    path("<int:pk>/chain/", results.chain, name="chain"),
    path("<int:pk>/chain.json", results.chain_data, name="chain_data"),
    path("<int:pk>/stress/", results.stress, name="stress"),
    path("<int:pk>/stress/start/", results.start_stress, name="start_stress"),
    path("<int:pk>/stress.json", results.stress_data, name="stress_data"),
    path("<int:pk>/files/<str:name>", results.download, name="download"),
]
