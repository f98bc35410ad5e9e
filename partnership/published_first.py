"""Two people press publish on the same thing: the second is told who was first, and when."""

from django.contrib import messages
from django.shortcuts import redirect, render


def published_first(request, record, *, by, at, crumbs):
    """The answer to whoever presses publish once ``record`` is out: 409 with who published it (``by``) and when.

    Who pressed twice themselves is shown what they published.
    """
    if by == request.user:
        messages.info(request, "It is published already.")
        return redirect(record)
    context = {"record": record, "by": by, "at": at, "crumbs": crumbs}
    return render(request, "published_first.html", context, status=409)
