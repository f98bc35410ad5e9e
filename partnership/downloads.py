"""Published files, served as files: never opened in our own pages, the same bytes for ever."""

import re

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import condition, require_safe

from partnership.models import PublishedFile

A_YEAR = 365 * 24 * 60 * 60
# Where a browser shows a file all the same, nothing in it may act, load or be framed.
POLICY = "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
NOT_IN_NAMES = re.compile(r"[\x00-\x1f\x7f-\x9f/\\]")  # no header holds the first, no folder the last
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def etag_of_file(request, pk):
    sha256 = PublishedFile.objects.published().filter(pk=pk).values_list("sha256", flat=True).first()
    return f'"{sha256}"' if sha256 else None


@login_not_required
@require_safe
@condition(etag_func=etag_of_file)
def file_download(request, pk):
    """The bytes that were published. They never change, so any cache may keep them."""
    published = get_object_or_404(PublishedFile.objects.published(), pk=pk)
    response = as_attachment(published.content, published.filename, published.content_type)
    response["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    return response


def as_attachment(content, filename, content_type="application/pdf"):
    """``content`` (bytes or text) to be saved and not shown: no browser runs anything in it from our address."""
    content = content.encode() if isinstance(content, str) else bytes(content)
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, NOT_IN_NAMES.sub("-", filename))
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    return response
