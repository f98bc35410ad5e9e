"""What pages of training share: their way from the programme, and a page with one form."""

from django.shortcuts import render
from django.urls import reverse

GET_OR_POST = ["GET", "HEAD", "POST"]
PROGRAMME = "training:event-list"


def crumbs(*here):
    """From the programme on. ``here``: (label, url), or the label of this page."""
    ways = [each if isinstance(each, tuple) else (each, None) for each in here]
    return [("Training", reverse(PROGRAMME) if here else None), *ways]


def form_page(request, form, *, title, crumbs, lede="", warning="", template="training/form.html", **context):
    """A page with one form. ``warning`` stands above it."""
    context |= {"form": form, "title": title, "crumbs": crumbs, "lede": lede, "warning": warning}
    return render(request, template, context, status=form.status)


def asked(request):
    """What a form is made of: what was sent, even where that is nothing; None where it is only shown."""
    return request.POST if request.method == "POST" else None
