"""Settings of the workers that these tests start and kill: real broker, real SMTP, slow on request, or Notify."""

from environs import Env

from partnership.settings import *  # noqa: F403
from tests import notify_server

env = Env()

CELERY_TASK_ALWAYS_EAGER = False
EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = env.int("SINK_PORT", 0)
MAIL_CARRIER = "tests.faults.slow_mail.SlowCarrier"
if NOTIFY_BASE_URL := env.str("NOTIFY_BASE_URL", ""):
    MAIL_CARRIER = "partnership.reminders.carriers.NotifyCarrier"
    NOTIFY_API_KEY = f"test-{notify_server.SERVICE}-{notify_server.SECRET}"
    NOTIFY_TEMPLATE_ID = notify_server.SERVICE
REMINDER_HOURS = (0, 24)
SENT_JOURNAL = DATA_DIR / "sent-journal"  # noqa: F405

STOP_AT = env.str("STOP_AT", "")
REACHED_FILE = env.str("REACHED_FILE", "")
KEPT_FILE = DATA_DIR / "kept"  # noqa: F405
CELERY_IMPORTS = ["tests.faults.slow_files"]
