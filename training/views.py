"""Being written."""

from django.http import Http404
from django.views.generic import TemplateView


class EventList(TemplateView):
    template_name = "base.html"


def event_detail(request, *args, **kwargs):
    raise Http404
