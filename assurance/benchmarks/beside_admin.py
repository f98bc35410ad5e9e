"""The same plan here, in Django’s own admin, and as a workbook in LibreOffice: a list, a row, a change, an export.

How each was set up, so that anybody can repeat it. The plan is ``plan_page.make_plan``: 30 deliverables with 100
activities, 300 with 1,000, six priorities, four rounds that everybody answered.

- Here: the plan's page, on which all of it stands with its ratings; the page of a deliverable; a new wording of an
  activity, as the page's editor sends it without a script; the plan as Excel. As its business office, with all of the
  middleware.
- The admin: an ``AdminSite`` with ``ModelAdmin`` as it is, no option set, for ``Activity`` and ``Deliverable`` (they
  may do everything; nobody is asked who they are); the settings of ``django-admin startproject``. Its list shows 100
  rows of one column a page, so all its pages are opened; a row is its change form, and a change is that form sent back
  with another text, which the admin writes to its own log. It has no export.
- LibreOffice: ``soffice --convert-to xlsx`` of our Excel file, which opens and saves it, as whoever keeps a plan as a
  workbook does each time, with its start, as each of them starts it; then all cells are compared.
"""

import contextlib
import io
import shutil
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import path, reverse
from lxml import html
from openpyxl import load_workbook

from assurance.benchmarks.figures import Figure
from assurance.benchmarks.plan_page import count_rows_anew, make_office, make_plan
from assurance.benchmarks.word_plan import convert
from partnership.stack_room import with_stack_room
from plans.models import Activity, Deliverable

RUNS = 5
DELIVERABLES = (30, 300)
A_PAGE = 100  # rows, of the admin's list
NEW_WORDS = "Do what was said, and write down what came of it, the time number {}."


class OpenAdmin(admin.ModelAdmin):
    """Django's own, for whoever comes."""

    def has_module_permission(self, request):
        return True

    def has_view_permission(self, request, obj=None):
        return True

    has_change_permission = has_add_permission = has_delete_permission = has_view_permission


class OpenSite(admin.AdminSite):
    def has_permission(self, request):
        return True


site = OpenSite()
site.register([Activity, Deliverable], OpenAdmin)
urlpatterns = [path("admin/", site.urls)]

THEIRS = {
    "ROOT_URLCONF": __name__,
    "LOGIN_URL": "/admin/login/",
    "MIDDLEWARE": [
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    "TEMPLATES": [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
}


def beside_admin():
    """Elapsed time of each as a multiple of the admin's and LibreOffice's, with queries and bytes of both."""
    figures = []
    for deliverables in DELIVERABLES:
        with transaction.atomic():
            try:
                figures += beside(deliverables)
            finally:
                transaction.set_rollback(True)
    return figures


def beside(deliverables):
    make_log()
    office, partnerships = make_office()
    plan = make_plan(partnerships, office, deliverables=deliverables)
    count_rows_anew()
    actions = Activity.objects.filter(deliverable__priority__plan=plan).count()
    activity = Activity.objects.filter(deliverable__priority__plan=plan).first()
    client = Client()
    client.force_login(office)
    excel = reverse("plans:plan-excel", args=[plan.pk])
    cell = reverse("plans:cell-change", args=[plan.pk, "activity", activity.pk, "text"])
    ours = {
        "list": measured(client, [plan.get_absolute_url()]),
        "row": measured(client, [reverse("plans:deliverable-detail", args=[activity.deliverable_id])]),
        "change": changed(client, cell),
        "Excel": measured(client, [excel]),
    }
    content = client.get(excel).content
    with in_the_admin():
        client = Client()  # which begins with the middleware of its first request
        client.force_login(office)
        rows = reverse("admin:plans_activity_changelist")
        theirs = {
            "list": measured(client, [f"{rows}?p={number}" for number in range(1, -(-actions // A_PAGE) + 1)]),
            "row": measured(client, [reverse("admin:plans_deliverable_change", args=[activity.deliverable_id])]),
            "change": changed(client, reverse("admin:plans_activity_change", args=[activity.pk])),
        }
    figures = [
        Figure(
            f"{name} of a plan of {actions:,} actions ÷ in Django’s admin",
            ours[name].seconds / theirs[name].seconds,
            f"{ours[name]} against {theirs[name]}",
        )
        for name in theirs
    ]
    return [*figures, workbook(content, ours["Excel"], actions)]


class Measured:
    """Elapsed seconds (the least of some runs), queries and bytes."""

    def __init__(self, seconds, queries, size):
        self.seconds, self.queries, self.size = seconds, queries, size

    def __str__(self):
        return f"{1000 * self.seconds:.0f} ms, {self.queries} queries, {self.size / 1000:,.0f} kB"


def measured(client, addresses):
    open_page = with_stack_room(client.get)
    return least(lambda _ready: [open_page(address) for address in addresses], status=200)


def changed(client, address):
    """A form is opened, and it is measured how it is sent back with other words; each time anew."""

    def ready(run):
        page = html.fromstring(client.get(address).content)
        [form] = [form for form in page.forms if "text" in form.fields]
        return {**dict(form.form_values()), "text": NEW_WORDS.format(run)}

    return least(lambda values: [client.post(address, values)], status=302, ready=ready)


def least(do, *, status, ready=lambda run: None):
    """``do(ready(run))`` of some runs, after one to warm up."""
    seconds = []
    for run in range(RUNS + 1):
        given = ready(run)
        with CaptureQueriesContext(connection) as asked:
            before = time.perf_counter()
            answers = do(given)
            seconds.append(time.perf_counter() - before)
        if {answer.status_code for answer in answers} != {status}:
            raise RuntimeError(f"Answered {[answer.status_code for answer in answers]} and not {status}.")
    queries = len([query for query in asked if "SAVEPOINT" not in query["sql"]])
    return Measured(min(seconds[1:]), queries, sum(len(answer.content) for answer in answers))


@contextlib.contextmanager
def in_the_admin():
    """Its settings, for as long as it is asked. The product itself has neither its addresses nor its table."""
    apps_and_admin = [*settings.INSTALLED_APPS, "django.contrib.admin.apps.SimpleAdminConfig"]
    with override_settings(**THEIRS, INSTALLED_APPS=apps_and_admin):
        yield


def make_log():
    """The table in which the admin writes who changed what; undone with the rest."""
    with in_the_admin(), connection.schema_editor() as editor:
        editor.create_model(apps.get_model("admin", "LogEntry"))


def workbook(content, ours, actions):
    """Making the plan's Excel file, beside LibreOffice opening and saving the same; which must lose no cell."""
    name = f"Excel of a plan of {actions:,} actions ÷ soffice opening and saving the same"
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        return Figure(name, words="LibreOffice is not installed here, so there is nothing to compare with")
    with TemporaryDirectory() as folder:
        path, back = Path(folder) / "plan.xlsx", Path(folder) / "back"
        path.write_bytes(content)
        seconds = []
        for _run in range(RUNS + 1):
            before = time.perf_counter()
            convert(office, path, to="xlsx", into=back)
            seconds.append(time.perf_counter() - before)
        saved = (back / "plan.xlsx").read_bytes()
    lost = cells_of(content) - cells_of(saved)
    if lost:
        raise RuntimeError(f"LibreOffice lost {len(lost)} cells, for example {lost.pop()}.")
    return Figure(
        name,
        ours.seconds / min(seconds[1:]),
        f"{ours} against {1000 * min(seconds[1:]):.0f} ms, {len(saved) / 1000:,.0f} kB; every cell came back as it was",
    )


def cells_of(content):
    """{(sheet, place, value)}: what is written in a workbook, without its looks."""
    book = load_workbook(io.BytesIO(content))
    return {
        (sheet.title, cell.coordinate, cell.value)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }
