"""Being written."""

from django.http import Http404


def home(request, *args, **kwargs):
    raise Http404


def help_page(request, *args, **kwargs):
    raise Http404


def accessibility(request, *args, **kwargs):
    raise Http404


def privacy(request, *args, **kwargs):
    raise Http404


def file_download(request, *args, **kwargs):
    raise Http404


def partnership_home(request, *args, **kwargs):
    raise Http404


def house_style(request, *args, **kwargs):
    raise Http404


def structure(request, *args, **kwargs):
    raise Http404
