"""What higher apps show beside a plan, named in ``settings.PLAN_PANELS`` (see ``partnership.panels``)."""

from django.conf import settings

from partnership.panels import Panel, panels_from

__all__ = ["Panel", "panels_of"]


def panels_of(plan, user, *, on):
    """The Panels of ``plan`` for its own people."""
    return panels_from(settings.PLAN_PANELS, plan, user, on=on)
