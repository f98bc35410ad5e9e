"""T18: the framework's checks are clean, and so are ours for habits that lead to leaks. Each has its control."""

import ast
import json
import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.guarantees.figures import record

ROOMS = ["assurance", "partnership", "plans", "reviews", "training"]
SOURCES = sorted(
    path
    for room in ROOMS
    for path in Path(settings.BASE_DIR, room).rglob("*.py")
    if "migrations" not in path.relative_to(settings.BASE_DIR).parts
)
# Markup that is not written out where it is called safe, and why it is.
UNWRITTEN_MARKUP = {
    "partnership/lists.py": "linebreaks() escapes what it is given",
    "partnership/pack_pdf.py": "a paper's own HTML: the sanitiser made it when the paper was read",
    "plans/templatetags/compared.py": "one of three marks that stand above it",
}
# SQL that is not the ORM's, and why it must be.
OWN_SQL = {
    "assurance/indicators/comments.py": "limits of process control over a window of figures; numbers of ours alone",
    "partnership/searching/asking.py": "ts_rank and @@ on our own column of words; what is typed is a parameter",
}
# What may be sent without our token: nobody is signed in there, and the signature in the address says what it is for.
WITHOUT_TOKEN = {
    "assurance/views/practitioners.py": "a survey by its link; whoever has no cookies may answer too",
    "partnership/views/preferences.py": "mail programs press “unsubscribe” without having seen the page",
    "training/views/evaluation.py": "a questionnaire by its link",
    "training/views/needs_asking.py": "a question by its link",
    "training/views/own_record.py": "signing in at the door of a room, on a phone without cookies",
}
MARKERS = {"mark_safe": 0, "SafeString": 0, "format_html": 0, "format_html_join": 1}


def faults_in(source):
    """(line, fault) for each habit that leads to a leak."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield from faults_of_class(node)
        if isinstance(node, ast.Call):
            yield from faults_of_call(node)
        if isinstance(node, ast.Name | ast.Attribute) and name_of(node) == "csrf_exempt":
            yield node.lineno, "without token"


def faults_of_class(node):
    for inner in node.body:
        if not (isinstance(inner, ast.ClassDef) and inner.name == "Meta"):
            continue
        # A FilterSet's or a table's Meta may leave out; what a form saves is said field by field.
        is_form = any("Form" in name_of(base) for base in node.bases)
        for line in inner.body:
            names = [target.id for target in getattr(line, "targets", []) if isinstance(target, ast.Name)]
            if "exclude" in names and is_form:
                yield line.lineno, "every field but some"
            if "fields" in names and isinstance(line.value, ast.Constant) and line.value.value == "__all__":
                yield line.lineno, "every field"


def faults_of_call(node):
    name = name_of(node.func)
    if name in MARKERS and len(node.args) > MARKERS[name]:
        markup = node.args[MARKERS[name]]
        if not isinstance(markup, ast.Constant):
            yield node.lineno, "unwritten markup"
    if name == "RawSQL" or (isinstance(node.func, ast.Attribute) and name in {"raw", "extra"}):
        yield node.lineno, "own SQL"


def name_of(node):
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


EXCEPTIONS = {"unwritten markup": UNWRITTEN_MARKUP, "own SQL": OWN_SQL, "without token": WITHOUT_TOKEN}


def test_no_habit_that_leads_to_a_leak():
    found = [
        (str(path.relative_to(settings.BASE_DIR)), line, fault)
        for path in SOURCES
        for line, fault in faults_in(path.read_text())
    ]
    assert [each for each in found if each[0] not in EXCEPTIONS.get(each[2], {})] == []
    used = {(fault, path) for path, _line, fault in found}
    listed = {(fault, path) for fault, paths in EXCEPTIONS.items() for path in paths}
    assert listed - used == set(), "an exception that nothing needs any more"
    record(
        "T18", f"{len(SOURCES)} files of source: 0 forms that take every field, {len(listed)} exceptions with reasons"
    )


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("class F(ModelForm):\n    class Meta:\n        fields = '__all__'", "every field"),
        ("class F(forms.ModelForm):\n    class Meta:\n        exclude = ['status']", "every field but some"),
        ("mark_safe(words)", "unwritten markup"),
        ("format_html(f'<b>{words}</b>')", "unwritten markup"),
        ("format_html_join('', rows)\nsafestring.mark_safe(a + b)", "unwritten markup"),
        ("Plan.objects.raw('SELECT 1')", "own SQL"),
        ("plans.extra(where=['1=1'])", "own SQL"),
        ("@csrf_exempt\ndef view(request): ...", "without token"),
    ],
)
def test_the_search_finds_what_it_looks_for(source, fault):
    assert fault in [found for _line, found in faults_in(source)]


def test_what_is_written_out_is_no_fault():
    assert list(faults_in("mark_safe('<br>')\nformat_html('<b>{}</b>', words)\nformat_html_join('', '{}', rows)")) == []


def test_no_check_is_silenced():
    assert settings.SILENCED_SYSTEM_CHECKS == []
    assert "SILENCED_SYSTEM_CHECKS" not in Path(settings.BASE_DIR, "partnership/settings.py").read_text()


PRODUCTION = {
    "MODE": "production",
    "SECRET_KEY": secrets.token_urlsafe(50),
    "SITE_URL": "https://planner.example.org",
    "DATABASE_URL": "postgres://planner@localhost/planner",
    "REDIS_URL": "redis://localhost:6379/0",
    "EMAIL_URL": "smtp://mail.example.org:25",
}


def checked(**environment):
    """What ``check --deploy`` says with the settings of production, and these."""
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "DEBUG"],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], **PRODUCTION, **environment},
        capture_output=True,
        text=True,
    )


@pytest.mark.long  # ./run lint does the same with every change
def test_checks_of_the_framework_for_production_say_nothing():
    assert checked().stdout.strip() == "System check identified no issues (0 silenced)."
    record("T18", "check --deploy: 0 messages, 0 silenced")


@pytest.mark.long
def test_checks_say_something_where_there_is_something():
    said = checked(SECURE_SSL_REDIRECT="false")
    assert (said.returncode, "security.W008" in said.stderr) == (1, True)


@pytest.mark.long  # ./run lint does the same with every change
def test_bandit_finds_nothing():
    bandit = [str(Path(sys.executable).with_name("bandit")), "--quiet", "--recursive", "-c", "pyproject.toml"]
    said = subprocess.run([*bandit, "-f", "json", *ROOMS], cwd=settings.BASE_DIR, capture_output=True, text=True)
    found = json.loads(said.stdout)
    assert found["results"] == []
    lines = found["metrics"]["_totals"]["loc"]
    record("T18", f"bandit: 0 findings in {lines:,} lines")
