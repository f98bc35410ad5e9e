"""The administrator's guide names nothing that is not there: commands, services, settings, chapters, pages."""

import html
import re
from pathlib import Path

import pytest
from django.core.management import get_commands
from django.urls import reverse

pytestmark = pytest.mark.django_db

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def guide(client):
    return client.get(reverse("partnership:administrator-guide")).content.decode()


@pytest.fixture
def typed(guide):
    """All that the guide says to type or to look for."""
    return [html.unescape(code) for code in re.findall(r"<code>(.*?)</code>", guide, re.DOTALL)]


def words_of_run():
    script = (PROJECT / "run").read_text()
    return set(re.findall(r"^([a-z-]+)\)", script[script.rindex("\ncase $word in") :], re.MULTILINE))


def services():
    composed = (PROJECT / "docker-compose.yml").read_text()
    return set(re.findall(r"^  ([a-z-]+):$", composed[composed.index("\nservices:") :], re.MULTILINE))


def wrong_in(typed):
    """What is typed there and does not exist."""
    example = (PROJECT / ".env.example").read_text()
    for code in typed:
        for word in re.findall(r"\./run ([a-z-]+)", code):
            if word not in words_of_run():
                yield f"./run {word}"
        for command in re.findall(r"\./run manage (\w+)", code):
            if command not in get_commands():
                yield f"./run manage {command}"
        for line in re.findall(r"docker compose (?:run --rm|exec|stop|logs --tail 100) ([a-z -]+)", code):
            known = services() | {"psql"}
            yield from (f"service {name}" for name in line.split() if name not in known and not name.startswith("-"))
        if re.fullmatch(r"[A-Z_]{4,}", code) and not re.search(rf"^#?{code}=", example, re.MULTILINE):
            yield f"setting {code}"
        if re.fullmatch(r"[\w.-]+/[\w./-]+", code) and not (PROJECT / code).exists():
            yield f"file {code}"


def test_whatever_is_typed_there_exists(typed):
    assert len(typed) > 30
    assert list(wrong_in(typed)) == []


def test_control_what_does_not_exist_is_found():
    typed = [
        "./run dance",
        "./run manage dance",
        "docker compose stop web-a dancer",
        "DANCE_PASSWORD",
        "deployment/d.sh",
    ]
    assert list(wrong_in(typed)) == [
        "./run dance",
        "./run manage dance",
        "service dancer",
        "setting DANCE_PASSWORD",
        "file deployment/d.sh",
    ]


def test_each_alarm_names_one_of_its_chapters(guide):
    chapters = set(re.findall(r'<h2 class="govuk-heading-l" id="[\w-]+">(.*?)</h2>', guide))
    alarms = re.findall(r"^ +guide: (.+)$", (PROJECT / "deployment" / "alerts.yml").read_text(), re.MULTILINE)
    assert alarms
    assert set(alarms) <= chapters


def test_its_contents_lead_to_every_chapter(guide):
    assert re.findall(
        r'href="#([\w-]+)"', guide.partition("<section")[0].partition('<nav aria-label="Chapters">')[2]
    ) == (re.findall(r'<h2 class="govuk-heading-l" id="([\w-]+)"', guide))


def test_it_can_be_read_without_an_account_and_without_a_partnership(guide):
    assert "Administrator’s guide" in guide
