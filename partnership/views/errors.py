"""Being written."""

from django.http import Http404


def bad_request(request, *args, **kwargs):
    raise Http404


def forbidden(request, *args, **kwargs):
    raise Http404


def not_found(request, *args, **kwargs):
    raise Http404


def server_error(request, *args, **kwargs):
    raise Http404


def csrf_failure(request, *args, **kwargs):
    raise Http404
