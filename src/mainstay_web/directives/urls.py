from django.urls import path

from mainstay_web.directives.views import board, directive, outlets, today

app_name = "directives"
urlpatterns = [
    path("", today.home, name="home"),
    path("today/", today.today, name="today"),
    path("today/<str:code>/accept/", today.accept_all, name="accept_all"),
    path("board/", board.board, name="board"),
    path("board/<int:pk>/issue/", board.issue, name="issue"),
    path("board/<int:pk>/plan/", board.plan_anew, name="plan_anew"),
    path("board/<int:pk>/rules/", board.rules, name="rules"),
    path("outlets/<str:code>/", outlets.outlets, name="outlets"),
    path("outlets/<int:pk>/end/", outlets.end, name="end_outlet"),
    path("<int:pk>/", directive.directive, name="directive"),
    path("<int:pk>/steps/<str:name>/", directive.step, name="step"),
    path("<int:pk>/lots/<slug:way>/", directive.confirm, name="confirm"),
]
