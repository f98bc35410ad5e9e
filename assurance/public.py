"""Being written."""

from django.http import Http404


def report_list(request, *args, **kwargs):
    raise Http404


def report_page(request, *args, **kwargs):
    raise Http404
