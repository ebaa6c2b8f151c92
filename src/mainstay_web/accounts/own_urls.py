"""Signing in and a person's own pages: of allauth only what an office without mail and sign-up needs."""

from allauth.account import views as account
from django.urls import include, path, re_path
from django.views.generic import TemplateView

from mainstay_web.accounts.views import own

closed = TemplateView.as_view(template_name="accounts/ask_administrator.html")

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/reset/key/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("signup/", closed, name="account_signup"),
    path("password/reset/", closed, name="account_reset_password"),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
    path("sessions/<int:pk>/end/", own.end_session, name="end_session"),
    path("profile/", own.profile, name="profile"),
    path("tokens/", own.tokens, name="tokens"),
    path("tokens/<int:pk>/end/", own.end_token, name="end_token"),
]
