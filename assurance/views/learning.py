"""Learning by agency: briefings received and used, beside who came to courses on the same learning."""

from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from assurance.learning import learning_by_agency
from partnership.models import Partnership
from training.figures.forms import StretchForm


@require_safe
def by_agency(request):
    now = timezone.now()
    partnerships = Partnership.objects.filter(pk__in=request.user.standing.partnership_ids).order_by("name", "pk")
    form = StretchForm(request.GET, partnerships=partnerships, on=timezone.localdate(now))
    form.fields.pop("partnership", None)
    stretch = form.stretch
    context = {
        "form": form,
        "stretch": stretch,
        "agencies": learning_by_agency(request.user, stretch, at=now),
        "crumbs": [("Training", reverse("training:event-list")), ("Learning by agency", None)],
    }
    return render(request, "assurance/learning_by_agency.html", context)


patterns = [path("training/learning/", by_agency, name="learning-by-agency")]
