"""Words of an event that many pages and mails have in common."""

from django import template
from django.utils import timezone

from partnership.templatetags.components import long_date

register = template.Library()


@register.filter
def when(event):
    """ "Tuesday 9 February 2027, 09:30 to 12:30"; with its last day where it goes on for several."""
    starts = timezone.localtime(event.starts_at)
    words = f"{starts:%A} {long_date(starts)}, {starts:%H:%M}"
    if event.ends_at is None:
        return words
    ends = timezone.localtime(event.ends_at)
    last_day = "" if ends.date() == starts.date() else f"{ends:%A} {long_date(ends)}, "
    return f"{words} to {last_day}{ends:%H:%M}"
