"""What every task of the worker has: the name of what asked for it, and where nobody pressed anything, its own."""

import pghistory
from celery import Task

from partnership.request_ids import IN_TASKS, current


class NamedInHistory(Task):
    """A task's name, like ``send_reminders``, stands with all that it writes, and the request that asked for it."""

    abstract = True

    def apply_async(self, args=None, kwargs=None, *, headers=None, **options):
        asked = current()
        headers = {**(headers or {}), **({IN_TASKS: asked} if asked else {})}
        return super().apply_async(args, kwargs, headers=headers, **options)

    def __call__(self, *args, **kwargs):
        with pghistory.context(task=self.name.rpartition(".")[2], request=current()):
            return super().__call__(*args, **kwargs)
