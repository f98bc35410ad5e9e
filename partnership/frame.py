"""What stands around every page: whose product this is, where one can go, who is signed in."""

from dataclasses import dataclass, field

from django.conf import settings
from django.utils.module_loading import import_string

from partnership.accounts.limits import idle_seconds
from partnership.standing import standing_of


@dataclass(frozen=True)
class NavigationItem:
    """One link of the main navigation; ``below``, where it is the current one, the groups of its pages."""

    label: str
    url: str
    is_current: bool = False
    below: list = field(default_factory=list)

    @property
    def page(self):
        """Of its pages the one that is open, or None."""
        return next((each for group in self.below for each in group.items if each.is_current), None)


@dataclass(frozen=True)
class NavigationGroup:
    """Links that belong together, under a name or none."""

    label: str
    items: list


@dataclass(frozen=True)
class Frame:
    partnerships_label: str
    role_label: str
    nav: tuple
    is_demo: bool


def frame(request):
    """Context processor: ``frame`` for signed-in pages, nothing costly for public ones."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"frame": Frame("", "", (), settings.IS_DEMO)}
    return {"frame": LazyFrame(request, user)}


class LazyFrame:
    """Reads the database only if the page shows the frame (a partial does not)."""

    is_demo = settings.IS_DEMO

    def __init__(self, request, user):
        self.request = request
        self.user = user

    @property
    def partnerships_label(self):
        """ "Ashford Vale and Millbrook": the names of one's partnerships, shortened where alike."""
        return joined_names(standing_of(self.user).partnership_names)

    @property
    def role_label(self):
        """The first post one holds, as a reminder of why one sees what one sees."""
        posts = standing_of(self.user).posts
        if posts:
            return posts[0].title
        return "Administrator" if self.user.is_administrator else ""

    @property
    def ends_in(self):
        """Seconds without a request after which this person's session ends; nothing where it does not."""
        return idle_seconds(self.user) if settings.SESSION_LIMITS else None

    @property
    def nav(self):
        return import_string(settings.NAVIGATION)(self.request)


def joined_names(names):
    """Join names that end alike once: "Ashford Vale and Millbrook Safeguarding Children Partnership"."""
    if not names:
        return ""
    if len(names) == 1:
        return names[0]
    words = [name.split() for name in names]
    common = 0
    while all(len(w) > common + 1 for w in words) and len({w[-1 - common] for w in words}) == 1:
        common += 1
    ending = " ".join(words[0][len(words[0]) - common :])
    starts = [" ".join(w[: len(w) - common]) for w in words]
    return f"{', '.join(starts[:-1])} and {starts[-1]} {ending}".strip()
