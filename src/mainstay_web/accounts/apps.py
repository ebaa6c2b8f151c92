from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "mainstay_web.accounts"
    label = "accounts"

    def ready(self) -> None:
        from mainstay_web.accounts import signals  # noqa: F401 (connects the receivers)
