"""Being written."""

from django.http import Http404


def current_plan(request, *args, **kwargs):
    raise Http404
