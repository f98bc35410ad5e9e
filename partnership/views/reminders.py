"""Being written."""

from django.http import Http404


def reminder_list(request, *args, **kwargs):
    raise Http404


def outbox(request, *args, **kwargs):
    raise Http404


def outbox_mail(request, *args, **kwargs):
    raise Http404
