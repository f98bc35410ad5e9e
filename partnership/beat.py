"""The clock that gives out work, by a machine whose own clock may be set back.

Celery's would give out nothing until the time is reached at which it last did: an hour without reminders where the
clock was an hour ahead, and a day where it was a day.
"""

from django_celery_beat.schedulers import DatabaseScheduler, ModelEntry


class Entry(ModelEntry):
    def is_due(self):
        """What last ran at a time yet to come counts as having run just now."""
        now = self._default_now()
        if self.last_run_at > now:
            self.last_run_at = self.model.last_run_at = now
        return super().is_due()


class Scheduler(DatabaseScheduler):
    Entry = Entry
    ticked_at = None

    def tick(self, *arguments, **named):
        """When to look at each entry next was worked out by the clock of before, so that is done anew."""
        now = self.app.now()
        if self.ticked_at and now < self.ticked_at:
            self._heap = None
        self.ticked_at = now
        return super().tick(*arguments, **named)
