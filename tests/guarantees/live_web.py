"""The product as its web server calls it, on the day of the test that starts it (``AS_OF``).

``SABOTAGE`` names a guard that is taken out, for the controls: see ``GUARDS``. "" takes out none.
"""

import os
import time
from datetime import datetime

import time_machine

time_machine.travel(datetime.fromisoformat(os.environ["AS_OF"]), tick=True).start()

from partnership.wsgi import application  # noqa: E402, F401  it sets Django up, so it comes first

# isort: split
from django.db.models import QuerySet  # noqa: E402

from assurance import returns  # noqa: E402
from partnership import forms  # noqa: E402
from partnership.accounts import leaving  # noqa: E402
from plans import importing, review_views, versions  # noqa: E402
from tests.faults.sabotage import replace  # noqa: E402

SECONDS_BETWEEN = 0.3  # a look and the write that follows it, in which somebody else may come


def without_looking():
    """What stood when the page was shown is forgotten: whoever saves last wins."""
    replace(forms.GuardMixin, "_merge", lambda form, token: None)
    replace(returns, "refuse_unseen", lambda *_arguments, **_named: None)


def without_locks():
    """Everybody looks first and writes later, and nobody waits for anybody."""
    replace(QuerySet, "select_for_update", lambda rows, **_named: rows)
    for module, name in [
        (forms, "lock_and_refresh"),
        (returns, "open_return"),
        (review_views, "lock_round"),
        (versions, "is_taken"),
        (importing, "plan_with"),
        (leaving, "cut_off"),
    ]:
        replace(module, name, slowly(getattr(module, name)))


def slowly(look):
    def look_and_wait(*args, **kwargs):
        found = look(*args, **kwargs)
        time.sleep(SECONDS_BETWEEN)
        return found

    return look_and_wait


GUARDS = {guard.__name__: guard for guard in (without_looking, without_locks)}

if guard := os.environ.get("SABOTAGE"):
    GUARDS[guard]()
