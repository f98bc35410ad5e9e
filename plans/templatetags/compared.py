"""What was taken out and put in, marked so that it reads without colour, aloud and on paper."""

from django import template
from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

register = template.Library()

HIDDEN = '<span class="govuk-visually-hidden">{}</span>'
MARKS = {
    "": "{}",
    "added": f"<ins>{HIDDEN.format('[added: ')}{{}}{HIDDEN.format(']')}</ins>",
    "removed": f"<del>{HIDDEN.format('[removed: ')}{{}}{HIDDEN.format(']')}</del>",
}
# A PDF has no hidden words: its readers hear one column after the other.
PRINTED = {"": "{}", "added": "<ins>{}</ins>", "removed": "<del>{}</del>"}


@register.filter
def marked(lines, medium="screen"):
    """Lines as paragraphs. Built here: a page has a thousand pieces. ``medium``: "screen" or "print"."""
    marks = {"screen": MARKS, "print": PRINTED}[medium]
    return format_html_join("", "<p{}>{}{}</p>", (parts_of(line, marks) for line in lines))


def parts_of(line, marks):
    """The class of a paragraph, whose line it is, and its words."""
    area = format_html('<abbr class="area" title="{}">{}</abbr> ', line.area_name, line.area) if line.area else ""
    words = [format_html(marks[each.kind], linebreaksbr(each.text, autoescape=True)) for each in line.pieces]
    return (
        mark_safe(' class="quiet"') if line.is_quiet else "",
        area,
        format_html_join("", "{}", ((each,) for each in words)),
    )
