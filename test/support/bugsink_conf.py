# bugsink for tests, read as bugsink_conf.py from its working folder. Everything that differs between two
# instances comes from the environment, so that one migrated template serves all.
import os

from bugsink.settings.default import *  # noqa: F401,F403

SECRET_KEY = os.environ["ASSAY_BUGSINK_SECRET"]

# Events are digested within the request that brings them: no second process.
SNAPPEA = {"TASK_ALWAYS_EAGER": True}
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
TIME_ZONE = "UTC"

DATABASES["default"]["NAME"] = os.path.abspath("db.sqlite3")  # noqa: F405
DATABASES["snappea"]["NAME"] = os.path.abspath("snappea.sqlite3")  # noqa: F405

BUGSINK = {
    "BASE_URL": os.environ["ASSAY_BUGSINK_URL"],
    "SINGLE_USER": True,
    "SINGLE_TEAM": True,
    "USER_REGISTRATION": "CB_NOBODY",
    # An event that does not fit Sentry's schema is refused.
    "VALIDATE_ON_DIGEST": "strict",
    "PHONEHOME": False,
    "INGEST_STORE_BASE_DIR": os.path.abspath("ingestion"),
    # The defaults (1,000 in five minutes) are less than a load test sends.
    "MAX_EVENTS_PER_PROJECT_PER_5_MINUTES": 1_000_000,
    "MAX_EVENTS_PER_PROJECT_PER_HOUR": 1_000_000,
    "MAX_EVENTS_PER_PROJECT_PER_MONTH": 10_000_000,
    "MAX_EVENTS_PER_5_MINUTES": 1_000_000,
    "MAX_EVENTS_PER_HOUR": 1_000_000,
    "MAX_EVENTS_PER_MONTH": 10_000_000,
}
