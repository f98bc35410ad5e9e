"""What is new is written once, in users' words, and is what the page and a release's notes say."""

import tomllib
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.urls import reverse

from partnership.whats_new import Release, Unreadable, read, releases

TWO = """1.1.0, 3 March 2027

For leads
- One press.

1.0.0, 12 January 2027

For offices
- A desk.
- A plan.
"""


def test_releases_are_read_newest_first():
    assert read(TWO) == [
        Release("1.1.0", date(2027, 3, 3), (("For leads", ("One press.",)),)),
        Release("1.0.0", date(2027, 1, 12), (("For offices", ("A desk.", "A plan.")),)),
    ]


def test_notes_of_a_release_are_its_own_words_as_plain_text():
    assert read(TWO)[1].notes == "1.0.0, 12 January 2027\n\nFor offices\n\n- A desk.\n- A plan.\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Begin with a line"),
        ("Hello\n" + TWO, "Begin with a line"),
        ("1.0.0, 12 January 2027\n- A desk.", "Write whom it is for"),
        ("1.0.0, 12 January 2027\nFor offices\n", "Say what is new below “For offices”"),
        ("1.0.0, 12 January 2027\n", "Say what is new below “the newest release”"),
        ("1.0.0, 12 January 2026\nFor us\n- A.\n1.1.0, 12 January 2027\nFor us\n- B.", "the newest release first"),
    ],
)
def test_what_is_written_otherwise_is_refused_with_what_to_do(text, said):
    with pytest.raises(Unreadable, match=said):
        read(text)


def test_the_newest_release_is_the_version_of_the_product():
    project = tomllib.loads((Path(settings.BASE_DIR) / "pyproject.toml").read_text())
    assert releases()[0].version == project["project"]["version"]


@pytest.mark.django_db
def test_page_says_it_and_the_footer_leads_there(client):
    url = reverse("partnership:whats-new")
    page = client.get(url).text
    lines = [line for release in releases() for _heading, part in release.parts for line in part]
    assert [line for line in lines if line not in page] == []
    assert f'href="{url}"' in client.get(reverse("partnership:help")).text


def test_notes_are_printed_for_a_tag_and_a_release_that_is_not_there_is_named():
    said = StringIO()
    call_command("release_notes", releases()[0].version, stdout=said)
    assert said.getvalue() == releases()[0].notes
    with pytest.raises(CommandError, match="has no 9.9.9; it has"):
        call_command("release_notes", "9.9.9")
