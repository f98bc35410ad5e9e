"""What higher apps show beside a plan or one of its rows, named in settings (see ``partnership.panels``)."""

from django.conf import settings

from partnership.panels import Panel, panels_from

__all__ = ["Panel", "panels_of", "panels_of_deliverable"]


def panels_of(plan, user, *, on):
    """The Panels of ``plan`` for its own people."""
    return panels_from(settings.PLAN_PANELS, plan, user, on=on)


def panels_of_deliverable(deliverable, user, *, on):
    return panels_from(settings.DELIVERABLE_PANELS, deliverable, user, on=on)
