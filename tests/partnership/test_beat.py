"""T6: The clock that gives out work goes on where the machine's is set back or ahead, and through short nights."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django_celery_beat import schedulers
from django_celery_beat.schedulers import DatabaseScheduler

from partnership.beat import Scheduler
from partnership.celery import app

NOON = datetime(2027, 1, 12, 12, 0, tzinfo=UTC)
EVERY_MINUTE, EVERY_NIGHT = "send-reminders", "look-after-accounts"


@pytest.fixture
def beat(db, monkeypatch):
    """``beat(moment, …)``: what it gives out within two minutes from each moment on, as {moment: {name: how often}}."""
    monkeypatch.setattr(schedulers, "close_old_connections", lambda: None)  # the test's own would be closed

    def beat(*moments, kind=Scheduler):
        given, found = [], {}
        with time_machine.travel(moments[0] - timedelta(minutes=5), tick=False) as clock:
            scheduler = kind(app=app)
            monkeypatch.setattr(scheduler, "apply_entry", lambda entry, producer=None: given.append(entry.name))
            monkeypatch.setattr(type(scheduler), "producer", None)
            for moment in moments:
                given.clear()
                for second in range(0, 121, 5):
                    clock.move_to(moment + timedelta(seconds=second))
                    while scheduler.tick() == 0:
                        pass
                found[moment] = {name: given.count(name) for name in (EVERY_MINUTE, EVERY_NIGHT) if name in given}
        return found

    return beat


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=1)])
def test_a_clock_that_is_set_back_goes_on_giving_out_work(beat, back):
    assert [found[EVERY_MINUTE] >= 1 for found in beat(NOON, NOON - back).values()] == [True, True]


def test_control_celerys_own_gives_out_nothing_until_the_time_is_there_again(beat):
    later = NOON - timedelta(hours=1)
    assert beat(NOON, later, kind=DatabaseScheduler)[later] == {}


def test_a_clock_that_is_set_ahead_gives_out_each_once(beat):
    tomorrow = NOON + timedelta(days=1)
    found = beat(NOON, tomorrow)
    assert (found[tomorrow][EVERY_MINUTE], found[NOON]) == (3, {EVERY_MINUTE: 3})


@pytest.mark.parametrize("night", [datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)])
def test_in_a_night_of_23_or_25_hours_each_minute_has_its_turn_and_the_night_its_work_once(beat, night):
    moments = [night + timedelta(minutes=minutes) for minutes in range(-120, 240, 10)]
    found = beat(*moments)
    assert {each.get(EVERY_MINUTE, 0) >= 2 for each in found.values()} == {True}
    assert sum(each.get(EVERY_NIGHT, 0) for each in found.values()) == 1
