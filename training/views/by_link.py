"""Pages that a signed link opens, without an account."""

from functools import wraps

import pghistory
from django.shortcuts import render

from partnership.throttling import is_too_often
from plans.link_views import private, without_its_address
from training.links import record_of

# From one address in ten minutes. An agency's people share one.
BAD_LINKS, PRESSES = 120, 300


def by_link(kind):
    """``view(request, record, token)`` for the record that a link of ``kind`` (``training.links``) opens.

    A link that opens nothing is told what to do. What is changed is kept with the link in the history.
    """

    def decorate(view):
        @without_its_address
        @private
        @wraps(view)
        def answer(request, token):
            record = record_of(kind, token)
            if record is None and is_too_often(request, "training-links-bad", BAD_LINKS):
                return render(request, "429.html", status=429)
            if record is None:
                return render(request, "training/link_refused.html", status=404)
            if request.method == "POST" and is_too_often(request, "training-links", PRESSES):
                return render(request, "429.html", status=429)
            with pghistory.context(training_link=f"{kind.name} {record.pk}"):
                return view(request, record, token)

        return answer

    return decorate
