"""Settings, read once from the environment, typed, and refused loudly where they make no sense.

``MODE`` says what this process is: ``production`` (the default: everything must be given),
``demo`` (``./run demo``: nothing need be given, sign-in by one press) or ``test``.
The name of every setting taken from outside stands in ``.env.example``.
"""

from pathlib import Path
from urllib.parse import urlsplit

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env, validate
from kombu import Exchange, Queue

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()

MODE = env.str("MODE", "production", validate=validate.OneOf(["production", "demo", "test"]))
IS_PRODUCTION = MODE == "production"
IS_DEMO = MODE == "demo"


def required(name, otherwise):
    """The setting ``name``: in production it must be given, elsewhere ``otherwise`` stands in."""
    value = env.str(name, "" if IS_PRODUCTION else otherwise)
    if not value:
        raise ImproperlyConfigured(f"Set {name}. It has no default in production.")
    return value


DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / ".data")))
SECRET_KEY = required("SECRET_KEY", f"not-a-secret-for-{MODE}-only-" + "0" * 40)
if IS_PRODUCTION and (len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 12 or "not-a-secret" in SECRET_KEY):
    raise ImproperlyConfigured("SECRET_KEY must be 50 random characters or more.")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", [])

SITE_URL = required("SITE_URL", f"http://localhost:{env.int('PORT', 8000)}").rstrip("/")
if not urlsplit(SITE_URL).hostname or urlsplit(SITE_URL).scheme not in {"http", "https"}:
    raise ImproperlyConfigured("SITE_URL must be a whole address, for example https://plan.example.org")
if IS_PRODUCTION and not SITE_URL.startswith("https://"):
    raise ImproperlyConfigured("SITE_URL must start with https:// in production.")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", [urlsplit(SITE_URL).hostname])
if not IS_PRODUCTION:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", "testserver"]
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts; '*' would accept any.")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
DEBUG = False

INSTALLED_APPS = [
    "assurance",
    "reviews",
    "training",
    "plans",
    "partnership",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "crispy_forms",
    "django_celery_beat",
    "django_filters",
    "django_htmx",
    "pghistory",
    "pgtrigger",
    "rules",
    "template_partials",
]

MIDDLEWARE = [
    "partnership.request_ids.RequestIds",
    "partnership.metrics.CountAnswers",
    "partnership.operations.faults.KeepFaults",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "partnership.middleware.OwnOrigin",
    "partnership.middleware.FewMethods",
    "partnership.published_files.PublishedFiles",
    "partnership.middleware.PlainRequests",
    "partnership.public_pages.PublicPages",
    "partnership.languages.PageLanguage",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "partnership.row_security.ReaderOfRows",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "partnership.accounts.limits.SessionLimits",
    "partnership.accounts.second_step.SecondStep",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "partnership.middleware.HistoryContext",
    "partnership.middleware.PrivatePages",
    "partnership.replica_reading.PublicFromReplica",
    "partnership.middleware.WasAnswered",
]

ROOT_URLCONF = "partnership.urls"
WSGI_APPLICATION = "partnership.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "partnership.frame.frame",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = ["planner"]
CRISPY_TEMPLATE_PACK = "planner"

# PostgreSQL is the only store of truth. The demo and the tests start their own and say where.
# A connection that lives longer plans what it is asked again and again less often (partnership.prepared).
DATABASES = {
    "default": env.dj_db_url(
        "DATABASE_URL",
        **({} if IS_PRODUCTION else {"default": "postgres://postgres@localhost/planner"}),
        conn_max_age=600,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database (postgres://…).")
DATABASES["default"]["ATOMIC_REQUESTS"] = True
# Without jit: PostgreSQL would compile the thousands of expressions of the one query for everything that is due,
# for many seconds, where it guesses that there are many rows; the query itself takes a fraction of one. What is
# prepared (partnership.prepared) is planned once, and not for each reader's values again.
# Every trigger asks which triggers to leave out. Where that was never said it is told so by an error, and PostgreSQL
# then goes through all that waits for the end of the transaction: 20,000 rows took 49 seconds instead of 3.
# PostgreSQL considers every order in which to join eight tables, and what is written first goes first beyond; ours
# often name ten, and whose a row is stands last: it read all updates of a country (just below its geqo_threshold).
DATABASES["default"].setdefault("OPTIONS", {})["options"] = (
    "-c lock_timeout=3s -c statement_timeout=30s -c idle_in_transaction_session_timeout=60s -c jit=off"
    " -c join_collapse_limit=11 -c from_collapse_limit=11"
    " -c plan_cache_mode=force_generic_plan -c pgtrigger.ignore={}"
)
# A copy that follows it, for public pages and for what documents are made of: partnership.replica.
DATABASE_ROUTERS = []
if env.str("DATABASE_REPLICA_URL", ""):
    DATABASES["replica"] = env.dj_db_url("DATABASE_REPLICA_URL", conn_max_age=600, conn_health_checks=True)
    if DATABASES["replica"]["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured("DATABASE_REPLICA_URL must name a PostgreSQL database (postgres://…).")
    DATABASES["replica"].setdefault("OPTIONS", {})["options"] = (
        DATABASES["default"]["OPTIONS"]["options"] + " -c default_transaction_read_only=on"
    )
    DATABASES["replica"]["OPTIONS"]["connect_timeout"] = 2
    DATABASES["replica"]["TEST"] = {"MIRROR": "default"}
    DATABASE_ROUTERS = ["partnership.replica.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "partnership.User"
AUTHENTICATION_BACKENDS = ["partnership.accounts.backend.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "partnership.accounts.passwords.EarlyGuessValidator"},
    {"NAME": "partnership.accounts.passwords.BreachValidator"},
]
# Whether Have I Been Pwned is asked for each new password (by five figures of its hash): see accounts.passwords.
BREACHED_PASSWORDS = env.str("BREACHED_PASSWORDS", "offline", validate=validate.OneOf(["offline", "online"]))
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",  # of accounts from before
]
PASSWORD_RESET_TIMEOUT = 60 * 60
# Signing in: django-allauth, with our own forms and pages. Nobody signs up: an office invites people.
ACCOUNT_ADAPTER = "partnership.accounts.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "partnership.accounts.adapters.OrganisationAdapter"
MFA_ADAPTER = "partnership.accounts.adapters.SecondStepAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an address is an office's word; the invitation that it gets proves it
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
# Tries at passwords are counted by partnership.accounts.guessing; these are tries at a second step, after a password.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "5/5m/key,30/d/key", "request_login_code": "20/m/ip"}
# Sensitive acts ask again who it is where nobody showed it for so long. Tests jump through years; those of this set it.
ASK_AGAIN_AFTER = None if MODE == "test" else 30 * 60
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(SITE_URL).scheme
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_PRODUCTION
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Partnership Planner"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
USERSESSIONS_TRACK_ACTIVITY = False  # that would be a write for each request
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_STORE_TOKENS = False
# Organisations whose own accounts let their people in, by OpenID Connect: see accounts.organisations and .env.example.
ORGANISATIONS_SIGN_IN = env.json("ORGANISATIONS_SIGN_IN", [])
for organisation in ORGANISATIONS_SIGN_IN:
    missing = {"id", "name", "server_url", "client_id", "client_secret", "domains"} - set(organisation)
    if missing or not organisation["domains"]:
        raise ImproperlyConfigured(f"ORGANISATIONS_SIGN_IN: {organisation.get('id')} needs {sorted(missing)}, domains.")
    if IS_PRODUCTION and not organisation["server_url"].startswith("https://"):
        raise ImproperlyConfigured("ORGANISATIONS_SIGN_IN: a server_url must start with https:// in production.")
    if {"common", "organizations", "consumers"} & set(urlsplit(organisation["server_url"]).path.split("/")):
        raise ImproperlyConfigured("ORGANISATIONS_SIGN_IN: name one tenant; an address of all would let anybody in.")
    if organisation.get("second_step", "never") not in {"always", "claims", "never"}:
        raise ImproperlyConfigured("ORGANISATIONS_SIGN_IN: second_step is always, claims or never.")
# How many proxies stand in front and write X-Forwarded-For: an address behind them counts, what comes before is talk.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("PROXIES", 0, validate=validate.Range(min=0, max=5))
# Administrators hold no post, so no partnership's rule asks them for a second step.
ADMINISTRATORS_NEED_SECOND_STEP = IS_PRODUCTION
# A session ends after so long without a request (of those who may read cases sooner), and after so long in any case.
# Tests jump through years; those of these limits set them.
SESSION_LIMITS = None if MODE == "test" else {"idle": 30 * 60, "idle_with_cases": 15 * 60, "whole": 12 * 60 * 60}
# What is counted against guessing is counted by all web processes together, with Redis or without it.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    if MODE == "test"
    else {
        "BACKEND": "partnership.counting_cache.CountingCache",
        "LOCATION": "partnership_cache",
        # By itself it keeps 300, so that many tries would push out what was counted of others.
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}

LOGIN_URL = "partnership:sign-in"
LOGIN_REDIRECT_URL = "assurance:my-work"
LOGOUT_REDIRECT_URL = "partnership:home"
if MODE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
# Public pages have Welsh addresses too: partnership.languages. All else is English, whatever a browser asks for.
LANGUAGES = [("en-gb", "English"), ("cy", "Cymraeg")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
DATE_FORMAT = "j F Y"

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(BASE_DIR / "staticfiles"))) if IS_PRODUCTION else None
STATICFILES_DIRS = [BASE_DIR / "static"]
# Where the bytes of files are: beside their rows, or in a folder or a bucket: partnership.kept_bytes.
FILES_IN = env.str("FILES_IN", "database", validate=validate.OneOf(["database", "folder", "s3"]))
FILE_STORAGES = {
    "folder": {
        "BACKEND": "partnership.folder_storage.FolderStorage",
        "OPTIONS": {"location": DATA_DIR / "files", "file_permissions_mode": 0o600},
    },
    "s3": {
        "BACKEND": "partnership.bucket_storage.BucketStorage",
        "OPTIONS": {
            "bucket_name": env.str("FILES_S3_BUCKET", ""),
            "location": env.str("FILES_S3_PREFIX", "planner"),
            "endpoint_url": env.str("FILES_S3_ENDPOINT", "") or None,
            "region_name": env.str("FILES_S3_REGION", "") or None,
            "access_key": env.str("FILES_S3_ACCESS_KEY", ""),
            "secret_key": env.str("FILES_S3_SECRET_KEY", ""),
            "object_parameters": {"ServerSideEncryption": "AES256"} if env.bool("FILES_S3_ENCRYPT", True) else {},
        },
    },
}
HAS_BUCKET = FILES_IN == "s3" or bool(FILE_STORAGES["s3"]["OPTIONS"]["bucket_name"])
if HAS_BUCKET:
    for name, option in {
        "FILES_S3_BUCKET": "bucket_name",
        "FILES_S3_PREFIX": "location",
        "FILES_S3_ACCESS_KEY": "access_key",
        "FILES_S3_SECRET_KEY": "secret_key",
    }.items():
        if not FILE_STORAGES["s3"]["OPTIONS"][option]:
            raise ImproperlyConfigured(f"Set {name}: with a bucket for files it has no default.")
    endpoint = FILE_STORAGES["s3"]["OPTIONS"]["endpoint_url"]
    if not endpoint and not FILE_STORAGES["s3"]["OPTIONS"]["region_name"]:
        raise ImproperlyConfigured("Set FILES_S3_REGION (of Amazon), or FILES_S3_ENDPOINT (of anybody else).")
    if endpoint and urlsplit(endpoint).scheme not in ({"https"} if IS_PRODUCTION else {"http", "https"}):
        is_near = urlsplit(endpoint).hostname in {"localhost", "127.0.0.1"}
        if not (is_near and urlsplit(endpoint).scheme == "http"):
            raise ImproperlyConfigured("FILES_S3_ENDPOINT must start with https:// (or be on this machine).")
STORAGES = {
    "default": FILE_STORAGES["folder"],
    **{name: each for name, each in FILE_STORAGES.items() if name != "s3" or HAS_BUCKET},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if IS_PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not IS_PRODUCTION
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_AUTOREFRESH = MODE == "test"  # or each new test client would look through all files

# The worker: PostgreSQL holds what must happen; the broker only wakes it.
REDIS_URL = env.str("REDIS_URL", "")
if IS_PRODUCTION and not REDIS_URL:
    raise ImproperlyConfigured("Set REDIS_URL. It has no default in production.")
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
else:
    CELERY_BROKER_URL = "filesystem://"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(DATA_DIR / "broker"),
        "data_folder_out": str(DATA_DIR / "broker"),
        "control_folder": str(DATA_DIR / "broker-control"),
        "polling_interval": 0.2,
    }
# What somebody waits for in their mailbox, what they wait for on a page, what takes long, and the rest. A worker takes
# from all in turn unless WORKER_QUEUES names some: deployment/compose.scale.yml.
CELERY_TASK_QUEUES = [Queue(name, Exchange(name), routing_key=name) for name in ("celery", "mail", "documents", "long")]
CELERY_TASK_ROUTES = {
    "*.send_*": {"queue": "mail"},
    "*.tell_of_*": {"queue": "mail"},
    "*.mail_*": {"queue": "mail"},
    "*.ask_for_*": {"queue": "mail"},
    "*.remind_of_*": {"queue": "mail"},
    "partnership.tasks.build_exit_pack": {"queue": "long"},
    "partnership.tasks.build_subject_copy": {"queue": "long"},
    "*.build_*": {"queue": "documents"},
    "partnership.tasks.apply_retention": {"queue": "long"},
    "partnership.tasks.seal_history": {"queue": "long"},
    "partnership.tasks.sweep_files": {"queue": "long"},
    "assurance.tasks.gather_report_evidence": {"queue": "long"},
}
CELERY_TASK_ALWAYS_EAGER = MODE == "test"
CELERY_TASK_EAGER_PROPAGATES = MODE == "test"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "partnership.beat:Scheduler"
CELERY_BEAT_SCHEDULE = {
    "send-reminders": {
        "task": "partnership.tasks.send_reminders",
        "schedule": 30.0 if IS_DEMO else 60.0,
        "options": {"expires": 55},
    },
    "tell-of-emergencies": {
        "task": "partnership.tasks.tell_of_emergencies",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "look-after-accounts": {
        "task": "partnership.tasks.look_after_accounts",
        "schedule": crontab(hour=0, minute=20),
        "options": {"expires": 3600},
    },
    "send-invitations": {
        "task": "partnership.tasks.send_invitations",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "resume-report-builds": {
        "task": "assurance.tasks.resume_report_builds",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "resume-cover-builds": {
        "task": "assurance.tasks.resume_cover_builds",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "resume-quarterly-builds": {
        "task": "assurance.tasks.resume_quarterly_builds",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "send-school-mails": {
        "task": "assurance.tasks.send_school_mails",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "send-training-mails": {
        "task": "partnership.tasks.send_mails",
        "args": ["training.mails.words.QUEUE"],
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "keep-places": {
        "task": "training.tasks.keep_places",
        "schedule": 300.0,
        "options": {"expires": 290},
    },
    "remind-of-training": {
        "task": "training.tasks.remind_of_training",
        "schedule": 300.0,
        "options": {"expires": 290},
    },
    "gather-report-evidence": {
        "task": "assurance.tasks.gather_report_evidence",
        "schedule": crontab(hour=2, minute=40),
        "options": {"expires": 3600},
    },
    "tell-of-withdrawals": {
        "task": "assurance.tasks.tell_of_withdrawals",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "ask-for-evaluations": {
        "task": "training.tasks.ask_for_evaluations",
        "schedule": 900.0,
        "options": {"expires": 840},
    },
    "send-report-mails": {
        "task": "assurance.tasks.send_report_mails",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "tell-of-reopenings": {
        "task": "assurance.tasks.tell_of_reopenings",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "tell-of-sign-offs": {
        "task": "assurance.tasks.tell_of_sign_offs",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "resume-school-letters": {
        "task": "assurance.tasks.resume_school_letters",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "apply-retention": {
        "task": "partnership.tasks.apply_retention",
        "schedule": crontab(hour=3, minute=10),
        "options": {"expires": 3600},
    },
    "sweep-files": {
        "task": "partnership.tasks.sweep_files",
        "schedule": crontab(hour=3, minute=50),
        "options": {"expires": 3600},
    },
    "look-at-neighbours": {
        "task": "partnership.tasks.look_at_neighbours",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "seal-history": {
        "task": "partnership.tasks.seal_history",
        "schedule": crontab(hour=4, minute=30),
        "options": {"expires": 3600},
    },
    "resume-board-packs": {
        "task": "partnership.tasks.resume_board_packs",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "resume-subject-copies": {
        "task": "partnership.tasks.resume_subject_copies",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "resume-exit-packs": {
        "task": "partnership.tasks.resume_exit_packs",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "resume-plan-documents": {
        "task": "plans.tasks.resume_plan_documents",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
}

# Mail: production gives EMAIL_URL (smtp://…); the demo keeps every message on a page of its own.
if IS_PRODUCTION:
    vars().update(env.dj_email_url("EMAIL_URL"))
elif MODE == "demo":
    EMAIL_BACKEND = "partnership.outbox.EmailBackend"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", f"planner@{urlsplit(SITE_URL).hostname}")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Who carries the reminders: the mail server above, or GOV.UK Notify, which can be asked what it took.
MAIL_CARRIER = {
    "smtp": "partnership.reminders.carriers.mail_server",
    "notify": "partnership.reminders.carriers.NotifyCarrier",
}[env.str("MAIL_CARRIER", "smtp", validate=validate.OneOf(["smtp", "notify"]))]
MAIL_PER_MINUTE = env.int("MAIL_PER_MINUTE", 0, validate=validate.Range(min=0))  # 0: as fast as they are taken
# What waits in ``partnership.mail_queue``: these mails share that number.
MAIL_QUEUES = ["assurance.schools.mailing.QUEUE", "training.mails.words.QUEUE", "assurance.annual.mailing.QUEUE"]
# After a restore: what makes mails by the day, functions of ``(on=, at=)``, so that they can be held before they go;
# and what takes notices for told that are told once, ``(at=)``. See partnership.operations.quarantine.
MAIL_MAKERS = ["training.mails.making.make_all"]
NOTICES_TO_SETTLE = [
    "assurance.withdrawing.settle_notices",
    "assurance.annual.reopening.settle_notices",
    "assurance.annual.signing.settle_notices",
]
if MAIL_CARRIER.endswith("NotifyCarrier"):
    NOTIFY_API_KEY = required("NOTIFY_API_KEY", "")
    NOTIFY_TEMPLATE_ID = required("NOTIFY_TEMPLATE_ID", "")
    NOTIFY_BASE_URL = env.str("NOTIFY_BASE_URL", "https://api.notifications.service.gov.uk")
    if len(NOTIFY_API_KEY.split("-")) < 11:
        raise ImproperlyConfigured(
            "NOTIFY_API_KEY must be a whole key: its name and two long numbers, joined by dashes."
        )
    if IS_PRODUCTION and not NOTIFY_BASE_URL.startswith("https://"):
        raise ImproperlyConfigured("NOTIFY_BASE_URL must start with https:// in production.")
# Seconds for which a page that everyone may read is made once for all who ask: partnership/public_pages.py.
PUBLIC_PAGES_KEPT = env.int("PUBLIC_PAGES_KEPT", 0 if MODE == "test" else 5, validate=validate.Range(min=0, max=60))
# Published files as files, for all requests but each one's first; any machine may have its own.
PUBLISHED_DIR = None if MODE == "test" else DATA_DIR / "published"
# Whether the proxy in front sends their bytes, having been told which (X-Accel-Redirect: deployment/nginx.conf).
PUBLISHED_BY_PROXY = env.bool("PUBLISHED_BY_PROXY", False)
# What left the house is written down outside the database as well: see partnership.reminders.journal.
SENT_JOURNAL = None if MODE == "test" else DATA_DIR / "sent-journal"
# Who was forgotten, so that a backup that is put back does not bring them back: see partnership.data_protection.
ERASURE_LOG = None if MODE == "test" else DATA_DIR / "erasures.jsonl"
# The seals over the history outside the database, and whom elsewhere they are mailed: see partnership.sealing.
SEAL_JOURNAL = None if MODE == "test" else DATA_DIR / "seals"
HISTORY_WITNESSES = env.list("HISTORY_WITNESSES", [])

# Backups: where they lie, what opens them, and the database in a role that sees every row: partnership.operations.
BACKUP_REPOSITORY = env.str("BACKUP_REPOSITORY", "" if IS_PRODUCTION else str(DATA_DIR / "backups"))
BACKUP_PASSWORD = env.str("BACKUP_PASSWORD", "" if IS_PRODUCTION else f"not-a-secret-for-{MODE}-only")
if IS_PRODUCTION and BACKUP_PASSWORD and len(BACKUP_PASSWORD) < 24:
    raise ImproperlyConfigured("BACKUP_PASSWORD must be 24 random characters or more.")
BACKUP_DATABASE_URL = env.str("BACKUP_DATABASE_URL", "")
# A server on which a drill may make a database for an hour; empty: one of its own, where PostgreSQL is installed.
DRILL_DATABASE_URL = env.str("DRILL_DATABASE_URL", "")
BACKUP_KEEP = env.dict("BACKUP_KEEP", {"hourly": 48, "daily": 14, "weekly": 8, "monthly": 12}, subcast_values=int)
if not set(BACKUP_KEEP) <= {"last", "hourly", "daily", "weekly", "monthly", "yearly"} or min(BACKUP_KEEP.values()) < 1:
    raise ImproperlyConfigured("BACKUP_KEEP must be like hourly=48,daily=14: numbers above 0 of these and no others.")
BACKUP_EVERY_MINUTES = env.int("BACKUP_EVERY_MINUTES", 60, validate=validate.Range(min=5, max=1440))
DRILL_EVERY_DAYS = env.int("DRILL_EVERY_DAYS", 7, validate=validate.Range(min=1, max=92))
# Whether every change is kept too, so that the database can be put back to any moment, and how soon it is stored.
BACKUP_LOG = env.bool("BACKUP_LOG", False)
BACKUP_LOG_DIR = Path(env.str("BACKUP_LOG_DIR", str(DATA_DIR / "backup-log")))
BACKUP_LOG_MINUTES = env.int("BACKUP_LOG_MINUTES", 5, validate=validate.Range(min=1, max=60))
# What lies outside the database, in DATA_DIR; those of it that are only ever added to.
BACKUP_FILES = ["files", "bucket", "sent-journal", "seals", "erasures.jsonl"]
BACKUP_FILES_ADDED_TO = ("sent-journal/", "seals/", "erasures.jsonl")

# What each app offers to the shared tools, named here so that lower apps never import higher ones.
# Kinds of record that a search finds, in the order in which its page names them.
SEARCH_SOURCES = [
    "plans.searched.KINDS",
    "partnership.searched.KINDS",
    "assurance.searched.KINDS",
    "reviews.searched.KINDS",
    "training.searched.KINDS",
]
# Sources of deadlines, each with the word that all its keys begin with.
DEADLINE_SOURCES = {
    "partnership.due_dates.meetings": "meeting",
    "partnership.due_dates.papers": "paper",
    "partnership.due_dates.actions": "action",
    "partnership.due_dates.terms": "terms",
    "partnership.due_dates.arrangements": "arrangements",
    "partnership.due_dates.statements": "statement",
    "partnership.due_dates.access_reviews": "access-review",
    "partnership.due_dates.access_reviews_to_begin": "next-access-review",
    "partnership.due_dates.holdings": "holding",
    "partnership.due_dates.seats": "seat",
    "partnership.due_dates.nominations": "nomination",
    "partnership.due_dates.disputes": "dispute-stage",
    "plans.deadlines.milestones": "milestone",
    "plans.deadlines.updates": "update",
    "plans.deadlines.proposals": "proposals",
    "plans.deadlines.decisions": "decisions",
    "plans.deadlines.rounds_opening": "round-opens",
    "plans.deadlines.rounds_closing": "round-closes",
    "plans.deadlines.plan_reviews": "plan-review",
    "plans.highlight_deadlines.reports": "highlight",
    "plans.deputies.updates_handed_on": "update",
    "plans.deputies.updates_covered": "update",
    "plans.deputies.milestones_covered": "milestone",
    "reviews.deadlines.notifications": "notification",
    "reviews.deadlines.stages": "rapid-review",
    "reviews.deadlines.rechecks": "recheck",
    "reviews.deadlines.summaries": "summary",
    "reviews.deadlines.dissemination": "dissemination",
    "reviews.deadlines.receipts": "receipt",
    "assurance.deadlines.requests": "return",
    "assurance.deadlines.signatures": "signature",
    "assurance.deadlines.improvements": "improvement",
    "assurance.deadlines.responses": "response",
    "assurance.deadlines.timetable": "timetable",
    "assurance.deadlines.timetable_of_office": "timetable",
    "assurance.deadlines.school_surveys": "school-survey",
    "assurance.deadlines.practitioner_surveys": "practitioner-survey",
    "assurance.deadlines.voices": "voice",
    "assurance.quarterly.deadlines.reports": "quarterly",
    "assurance.quarterly.deadlines.reports_of_office": "quarterly",
    "assurance.deadlines.risks": "risk",
    "assurance.deadlines.risks_of_office": "risk",
    "assurance.deadlines.challenges": "challenge",
    "assurance.deadlines.reports": "report",
    "assurance.annual.deadlines.copies": "report-copies",
    "assurance.annual.deadlines.sign_offs": "report-sign-off",
    "assurance.deadlines.next_reports": "next-report",
    "assurance.annual.deadlines.comments": "report-comment",
    "assurance.annual.deadlines.consultations": "report-consultation",
    "assurance.annual.deadlines.contributions": "report-contribution",
    "assurance.annual.deadlines.statements": "report-statement",
    "assurance.advice.answers": "advisor-note",
    "assurance.indicators.stale.figures": "indicator-figure",
    "assurance.indicators.comments.explanations": "indicator-comment",
    "assurance.audits.deadlines.grades": "audit-grading",
    "assurance.audits.deadlines.again": "audit-again",
    "assurance.audits.deadlines.again_of_office": "audit-again",
    "training.deadlines.events": "event",
    "training.deadlines.events_of_nobody": "event",
    "training.deadlines.own_returns": "own-training",
    "training.deadlines.needs": "needs",
    "training.deadlines.registers": "register",
    "training.deadlines.registers_of_nobody": "register",
}
# Days after a round's ratings are decided until its report of how the plan does is due.
QUARTERLY_REPORT_DAYS = env.int("QUARTERLY_REPORT_DAYS", 14, validate=validate.Range(min=0, max=120))
# What people call each kind of deadline, by the word that its keys begin with, and whether it is a duty:
# a duty may be told of less often, never not at all.
DEADLINE_KINDS = {
    "milestone": ("Milestones of a plan", True),
    "update": ("Updates of a round", True),
    "proposals": ("Ratings to propose", True),
    "decisions": ("Ratings to decide", True),
    "highlight": ("Highlight reports", True),
    "round-opens": ("Rounds that open", False),
    "round-closes": ("Rounds that close", False),
    "plan-review": ("Reviews of a plan", False),
    "meeting": ("Meetings", False),
    "paper": ("Papers for meetings", True),
    "action": ("Actions from meetings", True),
    "terms": ("Terms of reference to look at again", True),
    "arrangements": ("Arrangements to look at again", True),
    "statement": ("Public statements to look at again", True),
    "access-review": ("Reviews of who has access", True),
    "next-access-review": ("Reviews of who has access to begin", True),
    "holding": ("Posts whose holder leaves", False),
    "seat": ("Seats in groups that end", False),
    "nomination": ("Nominations that end", False),
    "dispute-stage": ("Answers in a dispute", True),
    "return": ("Returns", True),
    "signature": ("Returns to sign off", True),
    "improvement": ("Improvements after a self-assessment", False),
    "response": ("What a partnership says of a return", False),
    "timetable": ("Entries of the timetable", True),
    "school-survey": ("Surveys of schools", False),
    "practitioner-survey": ("Surveys of practitioners", False),
    "voice": ("What was done after people were heard", False),
    "quarterly": ("Quarterly reports: how are we doing?", True),
    "risk": ("Risks to look at again", True),
    "challenge": ("Answers to a challenge", True),
    "indicator-figure": ("Figures of indicators", True),
    "indicator-comment": ("Why a figure moved", True),
    "report": ("Yearly reports to publish", True),
    "report-copies": ("Copies of a yearly report to send", True),
    "report-sign-off": ("Yearly reports to sign", True),
    "next-report": ("Yearly reports to begin", True),
    "report-comment": ("Comments on the draft of a yearly report", True),
    "report-consultation": ("Consultations on a yearly report to close", False),
    "report-contribution": ("Contributions to a yearly report", True),
    "report-statement": ("Statements of the independent scrutineer", True),
    "notification": ("Notifications to the Panel", True),
    "rapid-review": ("Stages of a review", True),
    "recheck": ("Re-checks of recommendations", True),
    "summary": ("Agency summaries", True),
    "dissemination": ("Spreading a briefing", True),
    "receipt": ("What agencies did with a briefing", True),
    "advisor-note": ("Answers to the independent advisor", True),
    "audit-grading": ("Cases of an audit to grade", True),
    "audit-again": ("Audits to look at again", False),
    "event": ("Training events", False),
    "own-training": ("Returns of own training", True),
    "needs": ("What there is to learn", False),
    "register": ("Registers of training to close", True),
}
# What stands beside the page on which a plan is carried forward: see plans.informing.
PLAN_INFORMANTS = [
    "plans.informing.judged",
    "plans.informing.late_or_silent",
    "assurance.informing.voices",
    "assurance.informing.unanswered",
    "plans.informing.dropped_before",
]
# Where the reasons of a plan may come from, by the word with which their keys begin.
PLAN_SOURCES = {
    "voice": "assurance.plan_sources.voices",
    "review": "plans.plan_sources.reviews",
    "decision": "partnership.plan_sources.decisions",
    "returns": "assurance.plan_sources.summaries",
    "audit": "assurance.audits.offers.told",
    "inspection": "assurance.plan_sources.inspections",
    "indicator": "assurance.indicators.offers.told",
}
# What each app holds about people and how long, and of which sorts of people: see partnership.data_protection.
PERSONAL_DATA = [
    "partnership.personal_data.PARTS",
    "plans.personal_data.PARTS",
    "reviews.personal_data.PARTS",
    "training.personal_data.PARTS",
    "assurance.personal_data.PARTS",
]
RETAINED = [
    "partnership.retained.RETAINED",
    "plans.retained.RETAINED",
    "reviews.retained.RETAINED",
    "training.retained.RETAINED",
    "assurance.retained.RETAINED",
]
# What of each app leaves with a partnership that takes everything of its own elsewhere: see partnership.exit_pack.
EXIT_PACK = [
    "partnership.taken_along.TAKEN_ALONG",
    "plans.taken_along.TAKEN_ALONG",
    "reviews.taken_along.TAKEN_ALONG",
    "training.taken_along.TAKEN_ALONG",
    "assurance.taken_along.TAKEN_ALONG",
]
SUBJECTS = [
    "partnership.data_protection.colleagues.COLLEAGUE",
    "training.learners.LEARNER",
    "assurance.schools.contacts.SCHOOL",
    "reviews.reviewers.REVIEWER",
]
PLAN_PANELS = ["assurance.timetable.plan_panel"]
DELIVERABLE_PANELS = ["reviews.recommendations.deliverable_panel"]
GROUP_PANELS = ["plans.highlight_progress.group_panel", "assurance.scrutiny.group_panel"]
ORGANISATION_PANELS = ["assurance.organisation_pack.organisation_panel"]
NAVIGATION = "assurance.navigation.navigation"
PUBLIC_PARTS = {
    "plan": "plans.public.plan_part",
    "voices": "assurance.models.voice.public_part",
    "reviews": "reviews.public.public_part",
    "briefings": "reviews.public_learning.public_part",
}
# What else a partnership's public site is made of: see partnership.published, and plans.public_outcomes.
PUBLISHED = [
    "partnership.published.arrangements",
    "plans.published.versions",
    "assurance.published.reports",
    "reviews.published.reviews",
    "reviews.published.briefings",
]
PUBLIC_ADDRESSES = [
    "partnership.published.group_addresses",
    "plans.published.addresses",
    "training.public.event_addresses",
]
API_RESOURCES = [
    "plans.api.plans",
    "assurance.api.reports",
    "partnership.api_resources.arrangements",
    "partnership.api_resources.groups",
    "partnership.api_resources.meetings",
    "reviews.api.reviews",
    "reviews.api.briefings",
    "training.api.training",
    "assurance.api.voices",
]
OUTCOME_PARTS = {
    "judgements": "assurance.public_outcomes.judgements",
    "indicators": "assurance.public_outcomes.indicators",
}
# What a reminder mail may say before its list: functions of its reader and what is due, giving words or none.
MAIL_LINKS = ["plans.links.link_for_mail"]
UPDATE_LINK_DAYS = 14
# What ends with an account, beside sessions, calendar addresses and invitations: functions of ``(people, by=, at=)``.
ENDED_WITH_ACCOUNTS = ["plans.links.revoke_of"]
INVITATION_DAYS = env.int("INVITATION_DAYS", 7, validate=validate.Range(min=1, max=30))
# Within how many days whoever listened says what was done: a quarter, so that it stands in the next round's reports.
VOICE_ANSWER_DAYS = 91
UPDATE_LINK_BROWSERS = 3
REMINDER_HOURS = (0, 24) if IS_DEMO else (8, 18)

# What watches from outside: its token reads the numbers of /health/reminders/ and /metrics, and an address
# of its own is asked for after each good turn of the reminders, so that it notices when none comes.
MONITOR_TOKEN = env.str("MONITOR_TOKEN", "")
if IS_PRODUCTION and MONITOR_TOKEN and len(MONITOR_TOKEN) < 32:
    raise ImproperlyConfigured("MONITOR_TOKEN must be 32 random characters or more.")
HEARTBEAT_URL = env.str("HEARTBEAT_URL", "")
if HEARTBEAT_URL and not (
    urlsplit(HEARTBEAT_URL).scheme == "https"
    or (urlsplit(HEARTBEAT_URL).scheme == "http" and urlsplit(HEARTBEAT_URL).hostname in {"localhost", "127.0.0.1"})
):
    raise ImproperlyConfigured("HEARTBEAT_URL must start with https:// (or be on this machine).")

# Where faults are told beside the log, without anybody's words: partnership.operations.error_reports. Off where empty.
SENTRY_DSN = env.str("SENTRY_DSN", "")
if SENTRY_DSN and IS_PRODUCTION and urlsplit(SENTRY_DSN).scheme != "https":
    raise ImproperlyConfigured("SENTRY_DSN must start with https:// in production.")

# Which version of the code this is: the image's build says so. Shown to the administrator.
RELEASE = env.str("RELEASE", "")

# Whom to tell of a hole in the product: see partnership.views.about.
SECURITY_CONTACT = env.str("SECURITY_CONTACT", "") or f"mailto:security@{urlsplit(SITE_URL).hostname}"
if urlsplit(SECURITY_CONTACT).scheme not in {"mailto", "https"}:
    raise ImproperlyConfigured("SECURITY_CONTACT must start with mailto: or https://")

FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000  # sixty lines of the page of updates have 1,500
UPLOAD_MAX_BYTES = 25 * 1024 * 1024

SESSION_ENGINE = "partnership.accounts.session_store"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
UPDATE_LINK_COOKIE = "answer"
SEEN_COOKIE = "seen"
KNOWN_COOKIE = "known"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "partnership.views.errors.csrf_failure"
if IS_PRODUCTION:
    SESSION_COOKIE_NAME = "__Host-sid"
    UPDATE_LINK_COOKIE = "__Host-answer"
    SEEN_COOKIE = "__Host-seen"
    KNOWN_COOKIE = "__Host-known"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    CSRF_COOKIE_HTTPONLY = True
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}

PGTRIGGER_MIGRATIONS = False
PGTRIGGER_INSTALL_ON_MIGRATE = False  # partnership.triggers does it, also where somebody migrates back

# json: an object a line, for whatever gathers logs; plain: for people. Neither says who somebody is: partnership.logs.
LOG_FORMAT = env.str("LOG_FORMAT", "json" if IS_PRODUCTION else "plain", validate=validate.OneOf(["json", "plain"]))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "partnership.logs.MaskingFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        },
        "json": {"()": "partnership.logs.JsonLines"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "WARNING"},
        "pgtrigger": {"level": "WARNING"},
        "pikepdf": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        # Celery would give them handlers of its own.
        "celery.task": {"handlers": ["console"], "propagate": False},
        "multiprocessing": {"handlers": ["console"], "propagate": False},
    },
}
