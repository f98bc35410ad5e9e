"""Being written."""

from django.http import Http404
from django.views.generic import TemplateView


def overview(request, *args, **kwargs):
    raise Http404


def design(request, *args, **kwargs):
    raise Http404
