"""What higher apps show beside a plan, named in ``settings.PLAN_PANELS``.

Each name is a function of the plan, the person who looks and the day. It gives a Panel, or None where it
has nothing to say, and takes a fixed number of queries, because the plan page does.
"""

from dataclasses import dataclass, field

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Panel:
    """``template`` is drawn with ``panel`` (the ``values``) and all that the plan page knows."""

    template: str
    values: dict = field(default_factory=dict)


def panels_of(plan, user, *, on):
    """The Panels of ``plan`` for its own people."""
    found = (import_string(name)(plan, user, on=on) for name in settings.PLAN_PANELS)
    return [panel for panel in found if panel]
