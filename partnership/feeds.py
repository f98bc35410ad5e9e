"""Being written."""

from django.http import Http404
from django.views.generic import TemplateView


def health(request, *args, **kwargs):
    raise Http404
