from django.urls import path

from mainstay_web.registry import views
from mainstay_web.registry.views import check, duplicates

app_name = "registry"
urlpatterns = [
    path("", views.home, name="home"),
    path("key/", views.key_enterprises, name="key"),
    path("check/", check.check, name="check"),
    path("export/", check.export, name="export"),
    path("case/", views.settings_of_case, name="case"),
    path("duplicates/", duplicates.pairs, name="duplicates"),
    path("duplicates/search/", duplicates.search, name="search_duplicates"),
    path("duplicates/<int:pk>/", duplicates.answer, name="answer_duplicate"),
    path("duplicates/merges/<int:pk>/undo/", duplicates.undo, name="undo_merge"),
    path("<slug:table>/", views.table, name="table"),
    path("<slug:table>/new/", views.new, name="new"),
    path("<slug:table>/upload/", views.upload, name="upload"),
    path("<slug:table>/<int:pk>/", views.row, name="row"),
    path("<slug:table>/<int:pk>/edit/", views.edit, name="edit"),
    path("<slug:table>/<int:pk>/remove/", views.remove, name="remove"),
    path("<slug:table>/<int:pk>/restore/", views.restore, name="restore"),
    path("<slug:table>/<int:pk>/key/", views.mark, name="mark"),
]
