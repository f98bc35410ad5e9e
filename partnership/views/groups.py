"""Being written."""

from django.http import Http404
from django.views.generic import TemplateView


class GroupList(TemplateView):
    template_name = "base.html"


def group_detail(request, *args, **kwargs):
    raise Http404
