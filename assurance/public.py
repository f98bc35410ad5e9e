"""Being written."""

from django.http import Http404
from django.views.generic import TemplateView


def report_list(request, *args, **kwargs):
    raise Http404


def report_page(request, *args, **kwargs):
    raise Http404
