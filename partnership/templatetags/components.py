"""The small parts that pages are made of.

Each is a tag with a signature, so a misspelt argument is refused when the template is read. Their
names are the GOV.UK Design System's where it has the same thing. Parts that stand hundreds of times
on one page (an icon, a rating's shape) are built here; the others are in templates/components/.
"""

import datetime

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext, gettext_lazy, gettext_noop, ngettext, pgettext

from partnership.guides import pictures
from partnership.languages import mark_of_english, page_tag

register = template.Library()

# The drawings in static/sprite.svg.
ICONS = {
    "date",
    "several",
    "recurring",
    "meeting",
    "ongoing",
    "tbc",
    "late",
    "tick",
    "file",
    "plus",
    "menu",
    "warning",
}

# The drawing of each shape in a box of 24 by 24, and how far down its letter stands.
SHAPES = {
    "diamond": (mark_safe('<path d="M12 .6 23.4 12 12 23.4.6 12z"/>'), 16),
    "triangle": (mark_safe('<path d="M12 1.2 23.6 22H.4z"/>'), 19),
    "circle": (mark_safe('<circle cx="12" cy="12" r="11"/>'), 16),
    "square": (mark_safe('<rect x="1.8" y="1.8" width="20.4" height="20.4" rx="2.5"/>'), 16),
    "ring": (mark_safe('<circle cx="12" cy="12" r="10.5"/>'), 15.5),
}
SHAPE_OF_TOKEN = {
    "red": "diamond",
    "amber": "triangle",
    "green": "circle",
    "blue": "square",
    "grey": "circle",
    "none": "ring",
}
TOKENS = frozenset(SHAPE_OF_TOKEN)

BUTTON_CLASSES = {
    "primary": "",
    "secondary": " govuk-button--secondary",
    "warning": " govuk-button--warning",
}
NOTICE_CLASSES = {"": "", "warning": " amber", "error": " red"}


PICTURES = pictures()
PHONE_WIDTH = 600  # pixels: narrower is a phone


class NotRated:
    """What stands where a rating would be."""

    code = "–"
    word = gettext_lazy("Not rated")
    meaning = ""
    token = "none"  # noqa: S105 (a colour)
    shape = "ring"


def one_of(allowed, given, what):
    """``given``, which must be in ``allowed``: a wrong word in a template is a fault."""
    if given not in allowed:
        raise template.TemplateSyntaxError(
            f"{given!r} is no {what}; choose from {', '.join(sorted(filter(None, allowed)))}"
        )
    return given


# Icons and ratings


@register.simple_tag
def page_language():
    """The language of the page, as ``<html lang>`` names it."""
    return page_tag()


@register.simple_tag
def icon(name):
    """A drawing beside words that say the same, so hidden from screen readers."""
    return format_html(
        '<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false"><use href="{}#i-{}"/></svg>',
        static("sprite.svg"),
        one_of(ICONS, name, "icon"),
    )


def shape_of(rating, *, proposed=False):
    """The drawing of a rating (not None), hidden from screen readers."""
    token = one_of(TOKENS, rating.token, "colour token")
    shape = one_of(SHAPES, getattr(rating, "shape", "") or SHAPE_OF_TOKEN[token], "shape")
    drawing, letter_y = SHAPES[shape]
    letters = str(rating.code)[:2]
    return format_html(
        '<svg class="shape {}{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
        '{}<text x="12" y="{}"{}>{}</text></svg>',
        token,
        " proposed" if proposed else "",
        drawing,
        letter_y,
        mark_safe(' class="two-letters"') if len(letters) > 1 else "",
        letters,
    )


def words_of(rating, *, proposed=False):
    return f"{rating.word}, proposed" if proposed else rating.word


@register.simple_tag
def rating_shape(rating, proposed=False, hidden_words=True):
    """The shape alone, for a cell with no room; its words are there for those who can't see it."""
    rating = rating or NotRated
    shape = shape_of(rating, proposed=proposed)
    if not hidden_words:
        return shape
    return format_html(
        '<span class="rating-alone">{}<span class="govuk-visually-hidden">{}</span></span>',
        shape,
        words_of(rating, proposed=proposed),
    )


@register.simple_tag
def rating_tag(rating, proposed=False, size="", meaning=False):
    """A rating's shape and word; ``size`` "" or "big"; ``meaning`` adds the key's plain words.

    Built here: an inclusion tag runs every context processor again, and a plan has a hundred of these.
    """
    rating = rating or NotRated
    shape = shape_of(rating, proposed=proposed)
    classes = ["rating", rating.token, one_of(("", "big"), size, "size"), "proposed" if proposed else ""]
    return format_html(
        '<span class="{}">{}<b>{}</b>{}{}</span>',
        " ".join(filter(None, classes)),
        shape,
        rating.word,
        mark_safe("<span>proposed</span>") if proposed else "",
        format_html("<span>{}</span>", rating.meaning) if meaning and rating.meaning else "",
    )


@register.inclusion_tag("components/rating_strip.html")
def rating_strip(points):
    """Ratings in order of time. A point has ``label rating is_proposed url`` (url may be empty)."""
    return {"points": [{"point": point, "rating": point.rating or NotRated} for point in points]}


@register.inclusion_tag("components/rating_choices.html")
def rating_choices(field):
    """The whole question of a RadioSelect over ratings, each choice with its shape and meaning."""
    choices = [choice for choice in field if choice.data["value"]]
    return {
        "field": field,
        "choices": [
            {
                "id": choice.data["attrs"]["id"],
                "value": choice.data["value"],
                "is_chosen": choice.data["selected"],
                "rating": choice.data["value"].instance,
            }
            for choice in choices
        ],
    }


# Blocks of words


@register.simple_block_tag
def empty_state(content, title):
    """What stands where nothing is yet: it teaches what belongs there and why."""
    return format_html('<div class="empty"><p class="cap">{}</p>{}</div>', title, content)


@register.simple_block_tag
def notice(content, kind="", live=False):
    """A note. ``kind``: "", "warning" or "error"; ``live`` has it read out when it comes."""
    return format_html(
        '<div class="note{}"{}>{}</div>',
        NOTICE_CLASSES[one_of(NOTICE_CLASSES, kind, "kind of notice")],
        mark_safe(' role="status"') if live else "",
        content,
    )


# Navigation


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(items):
    """Where this page is: (label, url) pairs from the top; a pair without a url is this page.

    A page below no other says where it is by its heading alone.
    """
    items = list(items)
    return {"items": items if any(url for _, url in items) else []}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context, page_obj):
    """Pages of a list. Keeps what was asked of it (the rest of the query string)."""
    pages = page_obj.paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1)
    return {
        "request": context["request"],
        "page_obj": page_obj,
        "pages": list(pages),
        "ellipsis": page_obj.paginator.ELLIPSIS,
    }


@register.inclusion_tag("components/button.html")
def button(text, href="", kind="primary", small=False, name="", value="", described_by=""):
    """A button of a form, or with ``href`` a link that looks like one (for the next page)."""
    return {
        "text": text,
        "href": href,
        "classes": BUTTON_CLASSES[one_of(BUTTON_CLASSES, kind, "kind of button")] + (" small-button" if small else ""),
        "name": name,
        "value": value,
        "described_by": described_by,
    }


# Facts


@register.inclusion_tag("components/summary_row.html")
def summary_row(label, value, href="", action="Change"):
    """A row of ``<dl class="govuk-summary-list">``; ``href`` is where to change the value."""
    return {"label": label, "value": value, "href": href, "action": action}


@register.inclusion_tag("components/progress_bar.html")
def progress_bar(value, maximum, label):
    """How far a long job is. The label says it in words and numbers; nothing spins."""
    return {"value": value, "maximum": maximum, "label": label}


@register.inclusion_tag("components/being_made.html")
def being_made(build, heading):
    """What a page says of a file while a worker makes it: see ``partnership.builds``."""
    return {"build": build, "heading": heading}


@register.simple_tag
def watches(build):
    """The attributes by which a part of a page is asked for anew each second until ``build`` is made."""
    if not build.is_under_way:
        return ""
    return format_html(' hx-get="{}" hx-trigger="every 1s" hx-swap="outerHTML"', build.get_absolute_url())


@register.inclusion_tag("components/due_day.html")
def due_day(date, is_late=False):
    """The day a thing is due, as on a wall calendar."""
    return {"date": date, "is_late": is_late}


@register.inclusion_tag("components/guide_picture.html")
def guide_picture(name, words):
    """A picture of a page, as ``partnership.guides`` keeps it; ``words`` say what is on it."""
    kept = PICTURES[one_of(PICTURES, name, "picture of a guide")]
    is_phone = kept["width"] < PHONE_WIDTH
    return {"file": f"guides/{name}.webp", "words": words, "is_phone": is_phone, **kept}


@register.inclusion_tag("components/file_link.html")
def file_link(file, text=""):
    """A file to download: its name, kind, pages and size, so that nobody is surprised by 40 MB."""
    return {
        "url": file.get_absolute_url(),
        "in_english": "" if text else mark_of_english(),
        "text": text or getattr(file, "title", "") or file.filename,
        "facts": file_facts(file),
    }


FILE_KINDS = {
    "pdf": "PDF",
    "docx": "Word",
    "doc": "Word",
    "odt": gettext_noop("OpenDocument text"),
    "xlsx": "Excel",
    "xls": "Excel",
    "csv": "CSV",
    "zip": "ZIP",
    "png": gettext_noop("image"),
    "jpg": gettext_noop("image"),
    "jpeg": gettext_noop("image"),
}


@register.filter
def file_facts(file):
    """For example "PDF, 48 pages, 1.2 MB"."""
    ending = file.filename.rpartition(".")[2].lower()
    pages = getattr(file, "page_count", None)
    facts = [gettext(FILE_KINDS.get(ending, ending.upper()))]
    if pages:
        facts.append(ngettext("%(count)s page", "%(count)s pages", pages) % {"count": pages})
    facts.append(size_in_words(file.size))
    return ", ".join(filter(None, facts))


def size_in_words(size):
    """Bytes as people read them: "340 kB", "1.2 MB", "20.5 GB"."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} kB"
    if size < 1_000_000_000:
        return f"{size / 1_000_000:.1f} MB"
    return f"{size / 1_000_000_000:,.1f} GB"


# Words about dates and lists

VOWELS = frozenset("aeiouwyâêîôûŵŷáéíóúàèìòùäëïöü")  # of Welsh, where they change the word for "and"


def as_day(value):
    """The day in this country of a date or a moment."""
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


@register.filter
def long_date(value):
    """31 March 2022. Nothing for no date."""
    return format_date(as_day(value), "j F Y") if value else ""


@register.filter
def days_late(due_on, today):
    """ "4 days late", counted to ``today``; nothing when it isn't late."""
    if not due_on or not today:
        return ""
    days = (as_day(today) - as_day(due_on)).days
    if days <= 0:
        return ""
    return "1 day late" if days == 1 else f"{days} days late"


@register.filter
def sentence_join(items):
    """ "a, b and c"."""
    *most, last = [str(item) for item in items] or [""]
    if not most:
        return last
    words = {"most": ", ".join(most), "last": last}
    if last[:1].casefold() in VOWELS:
        return pgettext("before a vowel", "%(most)s and %(last)s") % words
    return pgettext("before a consonant", "%(most)s and %(last)s") % words
