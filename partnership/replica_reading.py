"""Reading from the replica: public pages by a middleware, and what a document is made of by ``caught_up``.

Row security holds there as here: whoever the first connection was told reads, reads there too.
"""

from contextlib import contextmanager, suppress

from django.conf import settings

from partnership import replica
from partnership.languages import PREFIX
from partnership.replica import READING, REPLICA, TROUBLE, Reading, follower
from partnership.row_security import NOBODY, tell, told

PUBLIC = ("p/<slug:slug>/", f"{PREFIX}p/<slug:slug>/")
BOOKING = "/book/"
KNOWN = {200, 304}


@contextmanager
def from_replica():
    """Ask the replica inside it, as whoever reads now. Where it fails in the middle the fault is raised."""
    reader = told()
    before = READING.set(Reading())
    try:
        tell(reader)
        yield
    finally:
        with suppress(*TROUBLE):
            tell(NOBODY, only=REPLICA)
        READING.reset(before)


def caught_up(read):
    """What ``read()`` gives, asked of the replica if it holds by now all that was committed before this call.

    For what takes long to read and writes nothing, such as all that an annual report is made of. Where the replica is
    behind, away, or fails in the middle, it is read from the first one.
    """
    if replica.is_set() and follower.catches_up():
        try:
            with from_replica():
                return read()
        except TROUBLE as trouble:
            follower.leave_alone(trouble)
    return read()


class PublicFromReplica:
    """Middleware: pages that the public reads come from the replica where it is close; from the first one otherwise.

    Only for who is not signed in and only to read. What the replica doesn't know (yet), and whatever goes wrong there,
    is asked of the first one, as if there were no replica. A page may be some seconds old: what was published, or
    withdrawn, stands there that much later.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not (replica.is_set() and is_public_page(request) and follower.is_usable()):
            return None
        try:
            with from_replica():
                response = view(request, *args, **kwargs)
                if hasattr(response, "render"):
                    response = response.render()
        except TROUBLE as trouble:
            follower.leave_alone(trouble)
            return None
        except Exception:  # the first one decides what it is: a page that isn't there, or a fault
            return None
        return response if response.status_code in KNOWN and not response.cookies else None


def is_public_page(request):
    """By its address and by who asks: whoever has another cookie than every page gives may have changed something."""
    route = request.resolver_match.route
    return (
        request.method in {"GET", "HEAD"}
        and route.startswith(PUBLIC)
        and BOOKING not in route
        and request.COOKIES.keys() <= {settings.CSRF_COOKIE_NAME}
    )
