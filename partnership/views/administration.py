"""Being written."""

from django.http import Http404


def overview(request, *args, **kwargs):
    raise Http404


def design(request, *args, **kwargs):
    raise Http404
