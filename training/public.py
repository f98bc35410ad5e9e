"""Being written."""

from django.http import Http404


def programme(request, *args, **kwargs):
    raise Http404
