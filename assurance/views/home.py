"""Being written."""

from django.http import Http404


def my_work(request, *args, **kwargs):
    raise Http404


def desk(request, *args, **kwargs):
    raise Http404
