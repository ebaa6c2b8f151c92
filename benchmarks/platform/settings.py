"""The platform's settings with one bare page beside, to compare with."""

from mainstay_web.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.platform.urls"
LOGGING = {"version": 1, "disable_existing_loggers": True}
API_CALLS = 1_000_000
