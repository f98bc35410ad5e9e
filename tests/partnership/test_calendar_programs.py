"""Real calendar programs read our feeds: a changed event changes in them, and never stands there twice.

khal is given the file again and again, as somebody imports it; vdirsyncer reads the address, as a
calendar program subscribes to it. vobject reads the file by code that shares nothing with ours.
"""

import os
import re
import shutil
import subprocess
from datetime import UTC, date, datetime, time

import icalendar
import pytest
import vobject
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnership.calendar_feeds import LONGEST_SUMMARY, make_feed
from partnership.models import Meeting
from tests.factories import MeetingFactory

KHAL = shutil.which("khal")
VDIRSYNCER = shutil.which("vdirsyncer")
needs_khal = pytest.mark.skipif(not KHAL, reason="khal is not installed: apt-get install khal")
needs_vdirsyncer = pytest.mark.skipif(not VDIRSYNCER, reason="vdirsyncer is not installed: apt-get install vdirsyncer")

HARD = "Früh 👩‍👧 tea, cake; \\ and “quotes”: every line\twas longer than a line may be, so it goes on and on 🎈"
DAYS = ["2027-01-01", "2028-02-01"]

KHAL_CONFIG = """
[calendars]
[[planner]]
path = {folder}/calendar
[default]
default_calendar = planner
[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
local_timezone = Europe/London
default_timezone = Europe/London
[sqlite]
path = {folder}/khal.db
"""

VDIRSYNCER_CONFIG = """
[general]
status_path = "{folder}/status/"
[pair planner]
a = "address"
b = "kept"
collections = null
conflict_resolution = "a wins"
[storage address]
type = "http"
url = "{url}"
[storage kept]
type = "filesystem"
path = "{folder}/calendar"
fileext = ".ics"
"""


@pytest.fixture
def feed_address(chair, meeting, plan):
    _feed, token = make_feed(chair, at=timezone.now())
    return reverse("partnership:calendar-feed", args=[token])


def read(address):
    answer = Client().get(address)
    assert answer.status_code == 200
    return answer.content


def plan_a_hard_meeting(meeting):
    Meeting.objects.filter(pk=meeting.pk).update(
        title=HARD[:120], venue="Hall 1,\r\nHigh Street; N1", starts_at=time(14), ends_at=time(16, 30)
    )


# Parsers


def test_two_parsers_that_share_no_code_read_the_same(feed_address, meeting):
    plan_a_hard_meeting(meeting)
    MeetingFactory(group=meeting.group, meets_on=date(2027, 3, 30), starts_at=time(9, 30), title="In summer time")
    content = read(feed_address)
    strict = icalendar.Calendar.from_ical(content)
    assert [each.errors for each in strict.walk()] == [[]] * len(list(strict.walk()))
    ours = {
        (str(each["uid"]), str(each["summary"]), each.start, each.end, str(each["status"]))
        for each in strict.walk("VEVENT")
    }
    other = vobject.readOne(content.decode())
    theirs = {
        (each.uid.value, each.summary.value, each.dtstart.value, each.dtend.value, each.status.value)
        for each in other.vevent_list
    }
    assert ours == theirs
    assert len(ours) == 3
    for component in [other, *other.vevent_list]:
        component.validate(raiseException=True)


def test_every_line_is_as_the_standard_wants_it(feed_address, meeting):
    plan_a_hard_meeting(meeting)
    content = read(feed_address)
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert not re.search(rb"[^\r]\n|\r[^\n]", content)
    assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", content)
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode()  # no letter of two bytes or more is cut in two
    assert b"LOCATION:Hall 1\\, High Street\\; N1" in content


def test_a_long_text_is_shortened_and_stands_whole_below(feed_address, group_deliverable):
    activity = group_deliverable.activities.get(position=2)
    activity.text = f"{'Word ' * 80}end"
    activity.save()
    events = icalendar.Calendar.from_ical(read(feed_address)).walk("VEVENT")
    event = next(each for each in events if "Word Word" in each["summary"])
    assert len(event["summary"]) == LONGEST_SUMMARY
    assert event["summary"].endswith("…")
    assert "Word end\n\nhttp" in event["description"]


def test_what_takes_all_day_ends_on_the_day_after(feed_address, meeting):
    event = next(
        each for each in vobject.readOne(read(feed_address).decode()).vevent_list if "meeting" in each.uid.value
    )
    assert (event.dtstart.value, event.dtend.value) == (date(2027, 3, 9), date(2027, 3, 10))
    assert event.dtstart.params == {"VALUE": ["DATE"]}


# khal: the file is imported


@pytest.fixture
def khal(tmp_path):
    """``khal(*words)``: what it prints; a calendar of its own."""
    (tmp_path / "calendar").mkdir()
    config = tmp_path / "config"
    config.write_text(KHAL_CONFIG.format(folder=tmp_path))

    def khal(*words):
        return run([KHAL, "-c", str(config), *words], tmp_path)

    return khal


def run(words, folder):
    done = subprocess.run(
        words,
        capture_output=True,
        text=True,
        timeout=60,
        env={"HOME": str(folder), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "Europe/London"},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def import_into(khal, tmp_path, content):
    """{uid: (day, hour and title in words, status)} of what khal lists after it was given the file."""
    file = tmp_path / "feed.ics"
    file.write_bytes(content)
    khal("import", "--batch", "-a", "planner", str(file))
    listed = khal("list", "--once", "--format", "{uid}|{start-date} {start-time} {title}|{status}", "-df", "", *DAYS)
    lines = [line.split("|") for line in listed.splitlines() if "@" in line]
    assert len({uid for uid, *_ in lines}) == len(lines), "one event, one line"
    return {uid: (words.split(), status.strip()) for uid, words, status in lines}


@needs_khal
def test_khal_imports_twice_and_changes_what_has_changed(feed_address, meeting, khal, tmp_path):
    before = import_into(khal, tmp_path, read(feed_address))
    uid = f"meeting:{meeting.pk}@localhost"
    assert before[uid][0] == ["2027-03-09", *meeting.group.name.split()]
    assert import_into(khal, tmp_path, read(feed_address)) == before

    Meeting.objects.filter(pk=meeting.pk).update(meets_on=date(2027, 3, 30), starts_at=time(9, 30))
    after = import_into(khal, tmp_path, read(feed_address))
    assert after == before | {uid: (["2027-03-30", "09:30", *meeting.group.name.split()], "CONFIRMED")}

    Meeting.objects.filter(pk=meeting.pk).update(status="cancelled", cancelled_reason="Snow")
    assert import_into(khal, tmp_path, read(feed_address))[uid][1] == "CANCELLED"


@needs_khal
def test_control_with_a_new_uid_each_time_it_stands_there_twice(feed_address, meeting, khal, tmp_path):
    once = import_into(khal, tmp_path, read(feed_address))
    twice = import_into(khal, tmp_path, read(feed_address).replace(b"@localhost", b"@elsewhere"))
    assert len(twice) == 2 * len(once)


# vdirsyncer: the address is subscribed to


@pytest.fixture
def subscription(tmp_path, live_server, feed_address):
    """``subscription()``: read the address once more; {summary: event} of what is then kept.

    Not by UID: what it reads from an address vdirsyncer names by a hash of its own.
    """
    (tmp_path / "calendar").mkdir()
    (tmp_path / "status").mkdir()
    config = tmp_path / "config"
    config.write_text(VDIRSYNCER_CONFIG.format(folder=tmp_path, url=live_server.url + feed_address))
    sync = [VDIRSYNCER, "-c", str(config)]
    run([*sync, "discover"], tmp_path)

    def subscription():
        run([*sync, "sync"], tmp_path)
        found = [
            event
            for file in (tmp_path / "calendar").iterdir()
            for event in icalendar.Calendar.from_ical(file.read_bytes()).walk("VEVENT")
        ]
        by_summary = {str(event["summary"]): event for event in found}
        assert len(by_summary) == len(found), "one event, one file"
        return by_summary

    return subscription


@needs_vdirsyncer
@pytest.mark.django_db(transaction=True)
def test_vdirsyncer_keeps_up_with_what_is_moved_cancelled_and_done(subscription, meeting, group_deliverable):
    before = subscription()
    summary = meeting.group.name
    assert (len(before), before[summary].start) == (2, date(2027, 3, 9))

    Meeting.objects.filter(pk=meeting.pk).update(meets_on=date(2027, 3, 30), starts_at=time(9, 30))
    moved = subscription()
    assert moved.keys() == before.keys()
    assert moved[summary].start == datetime(2027, 3, 30, 8, 30, tzinfo=UTC)
    assert (before[summary]["sequence"], moved[summary]["sequence"]) == (0, 1)

    Meeting.objects.filter(pk=meeting.pk).update(status="cancelled", cancelled_reason="Snow")
    assert subscription()[summary]["status"] == "CANCELLED"

    group_deliverable.activities.get(position=2).milestones.update(met_on=date(2027, 1, 12))
    assert subscription().keys() == {summary}
