"""Being written."""

from django.http import Http404


def record_history(request, *args, **kwargs):
    raise Http404
