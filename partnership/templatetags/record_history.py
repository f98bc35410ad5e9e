"""The way from a record to its history: ``{% load record_history %}{% history_link plan %}``."""

from django import template
from django.urls import reverse
from django.utils.html import format_html

register = template.Library()


@register.simple_tag
def history_link(record):
    """A link to who changed ``record``, when, from what to what."""
    url = reverse("partnership:record-history", args=[record._meta.label_lower, record.pk])
    return format_html('<a class="govuk-link" href="{}">Who changed this and when</a>', url)
