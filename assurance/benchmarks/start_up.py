"""Starting: ``manage.py check`` and the web server's first answer, against a project of Django with one view."""

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from django.conf import settings

from assurance.benchmarks.downloads import server
from assurance.benchmarks.figures import Figure
from assurance.benchmarks.word_plan import cpu_of

RUNS = 3
SECONDS_TO_ANSWER = 60

# What ``django-admin startproject`` makes, in one file, with the apps that it lists but the admin.
BARE = """
import subprocess
import sys
from django.conf import settings
settings.configure(
    SECRET_KEY="bare",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.staticfiles",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path
urlpatterns = [path("health/", lambda request: HttpResponse("well"))]
if __name__ == "__main__":
    from django.core.management import execute_from_command_line
    execute_from_command_line(sys.argv)
else:
    application = get_wsgi_application()
"""

# Of gunicorn, what ours says that matters here.
BARE_CONFIG = """
import os
bind = f"127.0.0.1:{os.environ['PORT']}"
workers = 2
preload_app = True
control_socket_disable = True
"""


def start_up():
    """CPU of the check, and elapsed seconds from gunicorn's start to its first answer: the least of several."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "broker").mkdir()
        (folder / "bare.py").write_text(BARE)
        (folder / "bare_config.py").write_text(BARE_CONFIG)
        ours, bare = os.environ | {"DATA_DIR": place}, os.environ.copy()
        checks = [], []
        answers = [], []
        for _run in range(RUNS):
            checks[0].append(cpu_of(lambda: check(settings.BASE_DIR / "manage.py", ours)))
            checks[1].append(cpu_of(lambda: check(folder / "bare.py", bare)))
            answers[0].append(first_answer("partnership.wsgi", settings.BASE_DIR, {"DATA_DIR": place}))
            answers[1].append(first_answer("bare", folder, {}, config=folder / "bare_config.py"))
    return [
        figure("manage.py check ÷ that of a bare Django project", *map(min, checks), "of CPU"),
        figure("gunicorn’s first answer ÷ that of a bare Django project", *map(min, answers), "elapsed"),
    ]


def figure(name, ours, bare, kind):
    return Figure(name, ours / bare, f"{ours:.2f} s against {bare:.2f} s {kind}, least of {RUNS}")


def check(program, environment):
    subprocess.run([sys.executable, program, "check"], env=environment, check=True, capture_output=True)


def first_answer(application, folder, environment, **how):
    began = time.perf_counter()
    with server(application, folder, environment, **how) as port:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/health/", timeout=SECONDS_TO_ANSWER).close()  # noqa: S310  # nosec B310
        return time.perf_counter() - began
