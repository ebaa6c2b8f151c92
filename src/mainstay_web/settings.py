"""Settings of the platform; what differs from place to place comes from the environment (docs/production.md)."""

from __future__ import annotations

import os
from pathlib import Path

from mainstay_web import environment
from mainstay_web.operations import logs
from mainstay_web.operations.production import refuse_unsafe

BASE = Path(__file__).parent
DEMO = environment.flag("MAINSTAY_DEMO", default=True)
"""Demo: known accounts and a key of no secret, for one machine only. Production says MAINSTAY_DEMO=0."""

DEBUG = environment.flag("MAINSTAY_DEBUG", default=False)
DATA = Path(os.environ.get("MAINSTAY_DATA", "out/platform")).absolute()
"""Folder of what is not in the database: snapshots, results of runs, uploads; and of SQLite's file."""
DATA.mkdir(parents=True, exist_ok=True)

DEMO_KEY = "demo-key-of-no-secret-never-for-production-use"
SECRET_KEY = os.environ.get("MAINSTAY_SECRET_KEY", DEMO_KEY)
ALLOWED_HOSTS = environment.names("MAINSTAY_HOSTS", "127.0.0.1,localhost,[::1]")
if not DEMO:
    refuse_unsafe(key=SECRET_KEY, demo_key=DEMO_KEY, debug=DEBUG, hosts=ALLOWED_HOSTS)
CSRF_TRUSTED_ORIGINS = environment.names("MAINSTAY_ORIGINS")

INSTALLED_APPS = [
    "mainstay_web.audit",
    "mainstay_web.accounts",
    "mainstay_web.jobs",
    "mainstay_web.registry",
    "mainstay_web.ledger",
    "mainstay_web.reporting",
    "mainstay_web.planning",
    "mainstay_web.preparing",
    "mainstay_web.replaying",
    "mainstay_web.directives",
    "mainstay_web.supervision",
    "mainstay_web.services",
    "mainstay_web.licensing",
    "mainstay_web.customs",
    "mainstay_web.support",
    "mainstay_web.dashboards",
    "mainstay_web.api",
    "mainstay_web.operations",
    "mainstay_web.stories",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "ninja",
]

MIDDLEWARE = [
    "mainstay_web.operations.metrics.count_answers",
    "mainstay_web.operations.logs.log_answers",
    "mainstay_web.middleware.security_headers",
    "mainstay_web.api.problems.in_one_shape",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "mainstay_web.accounts.middleware.sign_in_required",
    "mainstay_web.accounts.middleware.language_and_zone",
    "mainstay_web.accounts.middleware.second_factor_required",
]

ROOT_URLCONF = "mainstay_web.urls"
WSGI_APPLICATION = "mainstay_web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["mainstay_web.accounts.templatetags.words"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "mainstay_web.dashboards.navigation.navigation",
            ],
        },
    }
]

DATABASES = {"default": environment.database(os.environ.get("DATABASE_URL", ""), DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "mainstay_web.accounts.adapter.ClosedSignUp"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "20/m/ip,5/5m/key"}
SECOND_FACTOR = environment.choice(
    "MAINSTAY_SECOND_FACTOR", ("required", "optional"), "optional" if DEMO else "required"
)
"""Whether those who approve plans, edit people or see the audit must have one (accounts/second_factor.py)."""
ALLAUTH_TRUSTED_PROXY_COUNT = environment.whole("MAINSTAY_PROXIES", 0 if DEMO else 1)
"""How many reverse proxies stand before the platform: their word is taken for the address of who signs in."""
MFA_ADAPTER = "mainstay_web.accounts.second_factor.SecondFactor"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Mainstay"
USERSESSIONS_TRACK_ACTIVITY = False
SESSION_COOKIE_AGE = environment.whole("MAINSTAY_SESSION_HOURS", 12) * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEMO
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = not DEMO
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$", "^metrics$"]
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # other hosts of the domain are not ours to bind
SECURE_HSTS_SECONDS = 0 if DEMO else 31_536_000
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if not DEMO else None
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE / "locale"]
FORMAT_MODULE_PATH = ["mainstay_web.formats"]
USE_TZ = True
TIME_ZONE = os.environ.get("MAINSTAY_TIME_ZONE", "Asia/Shanghai")

STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [BASE / "static", ("report", BASE.parent / "mainstay" / "report" / "assets")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA / "files"}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True

FONTS = Path(os.environ["MAINSTAY_FONTS"]) if os.environ.get("MAINSTAY_FONTS") else None
"""Folder of more fonts for the briefing, where names hold rare characters."""
API_CALLS = environment.whole("MAINSTAY_API_CALLS", 600)
"""Calls of one token in a minute, in all server processes together."""
UPLOAD_LIMIT = 50 * 1024 * 1024
"""Bytes of the largest file that is read."""
FILE_UPLOAD_HANDLERS = [
    "mainstay_web.uploads.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

FOUR_EYES = environment.flag("MAINSTAY_FOUR_EYES", default=True)
"""Whether plans and designs are approved by someone else than who started them."""

EMAIL_HOST = os.environ.get("MAINSTAY_EMAIL_HOST", "localhost")
EMAIL_PORT = environment.whole("MAINSTAY_EMAIL_PORT", 25)
EMAIL_HOST_USER = os.environ.get("MAINSTAY_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("MAINSTAY_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = environment.flag("MAINSTAY_EMAIL_TLS", default=not DEMO)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("MAINSTAY_EMAIL_FROM", "mainstay@localhost")
WEBHOOK_HOSTS = environment.names("MAINSTAY_WEBHOOK_HOSTS", "127.0.0.1,localhost" if DEMO else "")
"""Hosts that webhooks may lie on; the platform calls no other."""

METRICS_TOKEN = os.environ.get("MAINSTAY_METRICS_TOKEN", "")
LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING = logs.configuration(
    as_json=environment.flag("MAINSTAY_JSON_LOGS", default=not DEMO), level=os.environ.get("MAINSTAY_LOG_LEVEL", "INFO")
)
