"""Certificates of attendance: who has one, the number on it, whether a number is ours, and the paper itself.

A number is the place's, a hyphen, and eight letters that only we can reckon from the place and the name as printed. So
nobody can guess another's, and one with a name that was corrected since is told apart from the one that took its place.
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.db.models.functions import Lower
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from partnership.house_style import FALLBACK, darkened, house_colours
from partnership.pdf import render_pdf
from partnership.templatetags.components import long_date, sentence_join
from training.models import Place, PlaceStatus

FONTS = Path(settings.BASE_DIR) / "static" / "build" / "fonts"
SALT = "training.certificate"
LETTERS = "ACDEFHJKMNPRTUWXY3479"  # none of them is taken for another, on paper or on a screen
MARK_LENGTH = 8
# Characters from which on names and titles are set smaller, and smaller still.
LONG_NAME, LONGEST_NAME = 26, 56
LONG_TITLE, LONGEST_TITLE = 44, 100
HOURS_A_DAY = timedelta(hours=7)  # of training, where nobody wrote when an event ends
LENGTHS = {Decimal("0.25"): "A quarter of a day", Decimal("0.5"): "Half a day", Decimal(1): "One day"}


def ends_at_of(event):
    return event.ends_at or event.starts_at + HOURS_A_DAY * float(event.length)


def is_earned(place, *, at):
    """Whoever was there, once it is over."""
    event = place.event
    return place.status == PlaceStatus.ATTENDED and not event.is_cancelled and at >= ends_at_of(event)


# Numbers


def mark_of(place, name, secret=None):
    digest = salted_hmac(SALT, f"{place.pk}|{name}", secret=secret, algorithm="sha256").digest()
    number = int.from_bytes(digest, "big")
    letters = []
    for _ in range(MARK_LENGTH):
        number, at = divmod(number, len(LETTERS))
        letters.append(LETTERS[at])
    return "".join(letters)


def number_of(place):
    """As it is printed: "1042-7HKM-3XRA"."""
    mark = mark_of(place, place.person)
    return f"{place.pk}-{mark[:4]}-{mark[4:]}"


@dataclass(frozen=True)
class Checked:
    """A certificate of ours. ``name``: as printed on it; ``is_replaced``: with another name since;
    ``is_withdrawn``: who was there was corrected since.
    """

    place: Place
    name: str
    is_replaced: bool = False
    is_withdrawn: bool = False


def certificate_of(number, *, at):
    """What the number on a certificate says, as a Checked; None where it is not ours."""
    typed = "".join(letter for letter in number.upper() if letter.isascii() and letter.isalnum())
    key, mark = typed[:-MARK_LENGTH], typed[-MARK_LENGTH:]
    if not key.isdecimal() or len(key) > 12:
        return None
    place = Place.objects.select_related("event__course").filter(pk=int(key)).first()
    if place is None:
        return None
    is_withdrawn = not is_earned(place, at=at)
    if is_mark(place, place.person, mark):
        return Checked(place, place.person, is_withdrawn=is_withdrawn)
    names = place.events.filter(status=PlaceStatus.ATTENDED).exclude(person=place.person)
    for name in names.order_by().values_list("person", flat=True).distinct():
        if is_mark(place, name, mark):
            return Checked(place, name, is_replaced=True, is_withdrawn=is_withdrawn)
    return None


def is_mark(place, name, mark):
    """Whether we gave ``mark``, with the secret of today or one that it took the place of."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(constant_time_compare(mark_of(place, name, secret), mark) for secret in secrets)


# On paper


def earned_at(event, *, at):
    """The places of ``event`` that have a certificate, by name."""
    places = event.places.filter(status=PlaceStatus.ATTENDED).order_by(Lower("person"), "pk")
    return list(places) if at >= ends_at_of(event) and not event.is_cancelled else []


def make_certificates(event, places):
    """The certificates of ``places`` of one event as a ``Pdf``, a page each. Raises PdfProblem."""
    course = event.course
    home = course.home
    trainers = [str(each) for each in event.people.select_related("organisation")]
    # Each partnership of the course has its own of the same name.
    competencies = dict.fromkeys(str(each) for each in course.competencies.all())
    sheets = [
        {"name": place.person, "size": size_of(place.person, LONG_NAME, LONGEST_NAME), "number": number_of(place)}
        for place in places
    ]
    context = {
        "sheets": sheets,
        "course": course,
        "size": size_of(course.title, LONG_TITLE, LONGEST_TITLE),
        "when": days_of(event),
        "length": length_of(event),
        "competencies": "; ".join(competencies),
        "trainers": sentence_join(trainers) if trainers else event.trainers,
        "partnership": home,
        "partnerships": [each.name for each in course.partnerships.order_by("name") if each != home],
        "check_url": settings.SITE_URL + reverse("training:certificate-check"),
        "title": certificate_title(course, places),
    }
    return print_pdf("training/print/certificate", context, home)


def size_of(text, long, longest):
    """The name of the style in which ``text`` fits; none where it does anyway."""
    if len(text) > longest:
        return "longest"
    return "long" if len(text) > long else ""


def certificate_title(course, places):
    if len(places) == 1:
        return f"Certificate of attendance: {places[0].person}, {course.title}"
    return f"Certificates of attendance: {course.title}"


def print_pdf(template, context, partnership):
    """``template`` (without ending) with its style sheet in the colours of ``partnership``."""
    colour = partnership.house_colour if partnership else FALLBACK
    house = house_colours(darkened(colour))
    assets = {
        "print.css": render_to_string(f"{template}.css", {"house": house}).encode(),
        **{f"fonts/{path.name}": path.read_bytes() for path in sorted(FONTS.glob("*.woff2"))},
    }
    return render_pdf(render_to_string(f"{template}.html", context), assets=assets)


def days_of(event):
    """ "24 November 2026", or from which day to which."""
    first, last = (timezone.localdate(moment) for moment in (event.starts_at, ends_at_of(event)))
    return long_date(first) if first >= last else f"{long_date(first)} to {long_date(last)}"


def length_of(event):
    words = LENGTHS.get(event.length) or f"{event.length.normalize():f} days"
    starts, ends = timezone.localtime(event.starts_at), event.ends_at and timezone.localtime(event.ends_at)
    return f"{words}, {starts:%H:%M} to {ends:%H:%M}" if ends and ends.date() == starts.date() else words
