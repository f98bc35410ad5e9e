"""Settings of the workers that these tests start and kill: real broker, real SMTP, slow on request."""

from environs import Env

from partnership.settings import *  # noqa: F403

env = Env()

CELERY_TASK_ALWAYS_EAGER = False
EMAIL_BACKEND = "tests.faults.slow_mail.SlowSMTP"
EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = env.int("SINK_PORT")
REMINDER_HOURS = (0, 24)
SENT_JOURNAL = DATA_DIR / "sent-journal"  # noqa: F405

STOP_AT = env.str("STOP_AT", "")
REACHED_FILE = env.str("REACHED_FILE", "")
