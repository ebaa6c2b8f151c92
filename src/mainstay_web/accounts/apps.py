from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "mainstay_web.accounts"
    label = "accounts"
