"""Settings of a drill: a database that was put back for an hour, which reaches nobody outside."""

from partnership.settings import *  # noqa: F403

# What a task asks for is done at once and here; the broker of those who work is never touched.
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS = {}
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
# Mails stand in a table of the drill's own database, where they are counted.
EMAIL_BACKEND = "partnership.outbox.EmailBackend"
MAIL_CARRIER = "partnership.reminders.carriers.mail_server"
MAIL_PER_MINUTE = 0
REMINDER_HOURS = (0, 24)
HEARTBEAT_URL = ""
HISTORY_WITNESSES = []
SENTRY_DSN = ""
# No copy follows what was put back; the one that is set follows those who work.
DATABASES = {"default": DATABASES["default"]}  # noqa: F405
DATABASE_ROUTERS = []
# The bucket belongs to those who work; what of it is in the backup was put into the drill's own folder.
FILES_IN = "folder" if FILES_IN == "s3" else FILES_IN  # noqa: F405
STORAGES["s3"] = {**STORAGES["folder"], "OPTIONS": {"location": DATA_DIR / "bucket"}}  # noqa: F405
IS_DRILL = True
