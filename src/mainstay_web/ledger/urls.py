from django.urls import path

from mainstay_web.ledger.views import acts, lots, movements, stock

app_name = "ledger"
urlpatterns = [
    path("", stock.home, name="home"),
    path("accounts/<int:pk>/", stock.account, name="account"),
    path("open/", stock.open_stocks, name="open"),
    path("new/<slug:kind>/", acts.new, name="new"),
    path("movements/", movements.index, name="movements"),
    path("movements/<int:pk>/", movements.one, name="movement"),
    path("movements/<int:pk>/<slug:follow>/", acts.follow, name="follow"),
    path("waiting/", movements.waiting, name="waiting"),
    path("lots/", lots.index, name="lots"),
    path("lots/<int:pk>/", lots.one, name="lot"),
    path("lots/<int:pk>/recall/", lots.recall, name="recall"),
]
