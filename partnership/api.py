"""What a partnership publishes, as data for programs: /p/<slug>/api/v1/.

Each app names its resources in ``settings.API_RESOURCES``: what the public pages read, row by row, in a shape that
its schema says in full. Everybody may read it and nobody can write: no session, no key, no word that is not
published. The document of it (OpenAPI 3.1) and the page that explains it are made from the same resources.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, JsonResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from partnership.api_document import document_of
from partnership.public import find_partnership, public_page
from partnership.throttling import A_WHILE, is_too_often

MOST_REQUESTS = 600  # of one address in ten minutes
PER_PAGE, MOST_PER_PAGE = 50, 200
FIVE_MINUTES = 300


@dataclass(frozen=True)
class Resource:
    """One kind of what is published.

    ``rows`` takes (partnership, on=day) and gives a queryset in an order that stays; ``key_field`` names the field by
    which one of it is found. ``render`` takes (rows of one page, partnership, on=day) and gives their data, in a
    constant number of queries.
    """

    name: str
    title: str
    description: str
    schema: dict
    rows: Callable
    render: Callable
    key_field: str = "pk"


@cache
def resources():
    """{name: Resource}, in the order of the settings."""
    found = [import_string(each) for each in settings.API_RESOURCES]
    return {each.name: each for each in found}


def whole_address(name, *args):
    return settings.SITE_URL + reverse(name, args=args)


def file_data(file):
    """A PublishedFile in the shape of ``api_schema.FILE``; None stays None."""
    return file and {
        "address": settings.SITE_URL + file.get_absolute_url(),
        "filename": file.filename,
        "content_type": file.content_type,
        "size": file.size,
        "pages": file.page_count,
        "sha256": file.sha256,
        "published_at": moment(file.published_at),
    }


def moment(at):
    return at and timezone.localtime(at).isoformat(timespec="seconds")


# Answers


def problem(status, title, detail):
    """What went wrong, for a program and for a person (RFC 9457)."""
    words = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return JsonResponse(words, status=status, content_type="application/problem+json")


def gives_data(view):
    """``view`` for programs everywhere: read only, kept for a while, and slowed where one asks too often."""

    @wraps(view)
    def asked(request, slug, **kwargs):
        if is_too_often(request, "api", MOST_REQUESTS):
            response = problem(429, "Too many requests", f"Ask at most {MOST_REQUESTS} times in ten minutes.")
            response["Retry-After"] = str(A_WHILE)
            return response
        try:
            return view(request, find_partnership(slug), **kwargs)
        except Http404:
            return problem(404, "Not found", "There is nothing published at this address.")

    answer = cache_control(public=True, max_age=FIVE_MINUTES)(conditional_page(asked))

    @login_not_required
    @require_safe
    @wraps(view)
    def open_to_all(request, slug, **kwargs):
        response = answer(request, slug, **kwargs)
        if response.status_code not in (200, 304):
            response["Cache-Control"] = "no-store"
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag, Link, Retry-After"
        return response

    return open_to_all


def as_json(data):
    return JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 1})


@gives_data
def api_root(request, partnership):
    """The partnership itself, and what there is to read of it."""
    return as_json(
        {
            "name": partnership.name,
            "short_name": partnership.short_name,
            "kind": partnership.kind,
            "areas": [{"name": area.name, "code": area.code} for area in partnership.areas.order_by("name")],
            "introduction": partnership.introduction,
            "office_email": partnership.office_email,
            "office_phone": partnership.office_phone,
            "page": settings.SITE_URL + partnership.get_absolute_url(),
            "feed": whole_address("partnership:public-feed", partnership.slug),
            "openapi": whole_address("partnership:api-openapi", partnership.slug),
            "resources": {name: whole_address("partnership:api-list", partnership.slug, name) for name in resources()},
        }
    )


@gives_data
def api_list(request, partnership, resource):
    """One page of what is published of a kind; the addresses of those beside it also stand in the header ``Link``."""
    found = find_resource(resource)
    today = timezone.localdate()
    size, page_number = whole_number(request, "per_page", PER_PAGE), whole_number(request, "page", 1)
    if size is None or page_number is None or size > MOST_PER_PAGE:
        return problem(400, "Bad request", f"page and per_page are whole numbers; per_page is {MOST_PER_PAGE} at most.")
    paginator = Paginator(found.rows(partnership, on=today), size)
    if page_number > paginator.num_pages:
        raise Http404
    page = paginator.page(page_number)
    numbers = {
        "next": page.next_page_number() if page.has_next() else None,
        "previous": page.previous_page_number() if page.has_previous() else None,
    }
    address = whole_address("partnership:api-list", partnership.slug, resource)
    links = {rel: number and f"{address}?page={number}&per_page={size}" for rel, number in numbers.items()}
    response = as_json(
        {
            "count": paginator.count,
            "page": page_number,
            "pages": paginator.num_pages,
            **links,
            "results": found.render(list(page), partnership, on=today),
        }
    )
    given = [f'<{url}>; rel="{"prev" if rel == "previous" else rel}"' for rel, url in links.items() if url]
    if given:
        response["Link"] = ", ".join(given)
    return response


@gives_data
def api_detail(request, partnership, resource, key):
    found = find_resource(resource)
    today = timezone.localdate()
    rows: QuerySet = found.rows(partnership, on=today)
    try:
        own = list(rows.filter(**{found.key_field: key})[:1])
    except (ValueError, ValidationError, OverflowError):
        raise Http404 from None
    if not own:
        raise Http404
    [data] = found.render(own, partnership, on=today)
    return as_json(data)


def find_resource(name):
    try:
        return resources()[name]
    except KeyError:
        raise Http404 from None


def whole_number(request, name, usual):
    """A number from 1, as somebody wrote it in the address; None where it is none."""
    typed = request.GET.get(name, str(usual))
    is_one = typed.isascii() and typed.isdecimal() and len(typed) <= 6
    return int(typed) or None if is_one else None


@gives_data
def openapi(request, partnership):
    return as_json(document_of(partnership, resources()))


# The page that explains it


@login_not_required
@require_safe
def api_page(request, slug):
    partnership = find_partnership(slug)
    rows = [
        {
            "resource": each,
            "address": whole_address("partnership:api-list", slug, each.name),
            "fields": list(each.schema["properties"].items()),
        }
        for each in resources().values()
    ]
    return public_page(
        request,
        partnership,
        "partnership/public_api.html",
        rows=rows,
        root=whole_address("partnership:api-root", slug),
        document=whole_address("partnership:api-openapi", slug),
        per_page=PER_PAGE,
        most_per_page=MOST_PER_PAGE,
        most_requests=MOST_REQUESTS,
    )


patterns = [
    path("p/<slug:slug>/api/", api_page, name="public-api"),
    path("p/<slug:slug>/api/v1/", api_root, name="api-root"),
    path("p/<slug:slug>/api/v1/openapi.json", openapi, name="api-openapi"),
    path("p/<slug:slug>/api/v1/<slug:resource>/", api_list, name="api-list"),
    path("p/<slug:slug>/api/v1/<slug:resource>/<str:key>/", api_detail, name="api-detail"),
]
