"""What every task of the worker has: where nobody pressed anything, the history tells which job wrote a row."""

import pghistory
from celery import Task


class NamedInHistory(Task):
    """A task's name, like ``send_reminders``, stands with all that it writes."""

    abstract = True

    def __call__(self, *args, **kwargs):
        with pghistory.context(task=self.name.rpartition(".")[2]):
            return super().__call__(*args, **kwargs)
