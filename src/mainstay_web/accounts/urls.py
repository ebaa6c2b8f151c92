from django.urls import path

from mainstay_web.accounts.views import organisations, people, roles

app_name = "accounts"
urlpatterns = [
    path("", organisations.organisations, name="organisations"),
    path("<int:pk>/", organisations.organisation, name="organisation"),
    path("<int:pk>/add/", organisations.add, name="add"),
    path("<int:pk>/change/", organisations.change, name="change"),
    path("<int:pk>/move/", organisations.move, name="move"),
    path("<int:pk>/close/", organisations.close, name="close"),
    path("<int:pk>/people/add/", organisations.add_person, name="add_person"),
    path("people/", people.people, name="people"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/give/", people.give, name="give"),
    path("people/<int:pk>/take/<int:membership>/", people.take, name="take"),
    path("people/<int:pk>/close/", people.close, name="close_person"),
    path("people/<int:pk>/link/", people.link, name="link"),
    path("people/<int:pk>/second-factor/", people.second_factor, name="second_factor"),
    path("roles/", roles.roles, name="roles"),
    path("roles/add/", roles.add, name="add_role"),
    path("roles/<int:pk>/", roles.change, name="role"),
]
