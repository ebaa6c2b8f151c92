from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "mainstay_web.audit"
    label = "audit"
