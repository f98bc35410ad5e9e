"""What higher apps show beside a record of a lower one.

A setting names functions of the record, the person who looks and the day. Each gives a Panel, or None where
it has nothing to say, and takes a fixed number of queries, because the page does.
"""

from dataclasses import dataclass, field

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Panel:
    """``template`` is drawn with ``panel`` (the ``values``) and all that the page knows."""

    template: str
    values: dict = field(default_factory=dict)


def panels_from(names, record, user, *, on):
    """The Panels that the functions of ``names`` have for ``record``."""
    found = (import_string(name)(record, user, on=on) for name in names)
    return [panel for panel in found if panel]


def group_panels(group, user, *, on):
    """What ``settings.GROUP_PANELS`` shows on a group's page."""
    return panels_from(settings.GROUP_PANELS, group, user, on=on)


def organisation_panels(organisation, user, *, on):
    """What ``settings.ORGANISATION_PANELS`` shows on an organisation's page."""
    return panels_from(settings.ORGANISATION_PANELS, organisation, user, on=on)
