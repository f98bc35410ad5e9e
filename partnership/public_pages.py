"""Pages that everyone may read, made once for all who ask within seconds; whoever has one already is told only that.

On the day a report comes out a whole county opens the same page. Each process of the web server keeps what it made for
``PUBLIC_PAGES_KEPT`` seconds, and no longer: what was published, changed or withdrawn stands there that much later, and
nobody has to be told of anything. Who is signed in is never given a kept page, so the office sees at once what it did.

Kept is only what was made for somebody without a cookie and gave them none: such a page has no token of anybody's form
in it, and nothing that is theirs. Its words may therefore be compressed as well, which those of a page with a secret
may not (BREACH).
"""

import gzip
import hashlib
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers

from partnership.languages import PREFIX
from partnership.replica_reading import is_public_page

MOST_BYTES = 16 * 1024**2  # of a process; what was asked for longest ago goes first
SMALLEST_COMPRESSED = 500  # bytes: shorter ones fit into one packet anyhow
PUBLIC = ("/p/", f"/{PREFIX}p/")
OF_EACH_ANSWER = {"content-length", "content-encoding"}


@dataclass(frozen=True)
class Page:
    """A page as it was made: its words, the same compressed, and its headers."""

    made_at: float
    content: bytes
    compressed: bytes
    headers: dict

    @classmethod
    def of(cls, response, *, made_at):
        content = response.content
        compressed = gzip.compress(content, 6, mtime=0) if len(content) >= SMALLEST_COMPRESSED else b""
        headers = {name: value for name, value in response.items() if name.lower() not in OF_EACH_ANSWER}
        # Weak: the same words, compressed or not. Kept by the browser, and asked about each time.
        headers["ETag"] = f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'
        headers.setdefault("Cache-Control", "no-cache")
        return cls(made_at, content, compressed, headers)

    @property
    def size(self):
        return len(self.content) + len(self.compressed)

    def answer(self, request):
        """The page, or "not modified"."""
        is_compressed = self.compressed and takes_gzip(request)
        response = HttpResponse(self.compressed if is_compressed else self.content, headers=self.headers)
        patch_vary_headers(response, ["Accept-Encoding"])
        if is_compressed:
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Content-Length"] = str(len(response.content))
        return get_conditional_response(request, etag=self.headers["ETag"], response=response)


class PublicPages:
    """Middleware, before all that asks the database who one is."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.pages = OrderedDict()
        self.bytes = 0
        self.lock = threading.Lock()

    def __call__(self, request):
        if not may_share(request):
            return self.get_response(request)
        name = (request.get_host(), request.get_full_path())
        page = self.kept(name)
        if page:
            return page.answer(request)
        response = self.get_response(request)
        if not is_for_all(request, response):
            return response
        page = Page.of(response, made_at=time.monotonic())
        if not request.COOKIES:
            self.keep(name, page)
        return page.answer(request)

    def kept(self, name):
        with self.lock:
            page = self.pages.get(name)
            if page and time.monotonic() - page.made_at < settings.PUBLIC_PAGES_KEPT:
                self.pages.move_to_end(name)
                return page
        return None

    def keep(self, name, page):
        if not settings.PUBLIC_PAGES_KEPT:
            return
        with self.lock:
            before = self.pages.pop(name, None)
            self.bytes += page.size - (before.size if before else 0)
            self.pages[name] = page
            while self.bytes > MOST_BYTES:
                _name, gone = self.pages.popitem(last=False)
                self.bytes -= gone.size


def may_share(request):
    """Whether it could be a public page, read whole by somebody of whom we know nothing."""
    return (
        request.method == "GET"
        and request.path_info.startswith(PUBLIC)
        and request.COOKIES.keys() <= {settings.CSRF_COOKIE_NAME}
        and "HX-Request" not in request.headers
    )


def is_for_all(request, response):
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and "private" not in response.get("Cache-Control", "")
        and response.get("Content-Type", "").startswith("text/html")
        and request.resolver_match is not None
        and is_public_page(request)
    )


def takes_gzip(request):
    """As Django's own reads it: ``gzip;q=0`` is sent by nobody."""
    return "gzip" in request.headers.get("Accept-Encoding", "")
