"""The small parts that pages are made of say what they promise, and refuse what they don't know."""

import datetime
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.paginator import Paginator
from django.template import Template, TemplateSyntaxError
from django.template.context import Context
from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings

from partnership.design import AMBER, RED, ExampleFile, ExamplePoint, examples
from partnership.templatetags import components
from partnership.templatetags.components import ICONS

ERROR_PAGES = ["400", "403", "403_csrf", "404", "409", "413", "429", "500", "503"]


def rendered(source, **context):
    """``source`` as a page would show it, with its white space drawn together."""
    html = Template("{% load components %}" + source).render(Context(context))
    return re.sub(r"\s+", " ", html).strip()


def words(html):
    """What is read out: text without tags, and without what is hidden from screen readers."""
    heard = re.sub(r"<svg.*?</svg>", "", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", heard)).strip()


# Strictness


@pytest.mark.parametrize(
    "source",
    [
        '{% icon nme="date" %}',
        "{% rating_tag rating sise=1 %}",
        "{% rating_shape rating hidden=True %}",
        "{% rating_strip points=points points2=points %}",
        '{% empty_state titel="x" %}{% endempty_state %}',
        '{% notice colour="red" %}{% endnotice %}',
        '{% button "Save" knid="secondary" %}',
        '{% summary_row "Lead" %}',
        '{% progress_bar 1 2 labl="x" %}',
        "{% due_day %}",
        "{% file_link %}",
        "{% breadcrumbs %}",
        "{% pagination %}",
    ],
)
def test_a_misspelt_or_missing_argument_is_refused_when_the_template_is_read(source):
    with pytest.raises(TemplateSyntaxError):
        Template("{% load components %}" + source)


@pytest.mark.parametrize(
    "source",
    [
        '{% icon "calendar" %}',
        '{% rating_tag rating size="huge" %}',
        '{% notice kind="danger" %}{% endnotice %}',
        '{% button "Save" kind="green" %}',
    ],
)
def test_a_word_that_no_component_knows_is_refused(source):
    with pytest.raises(TemplateSyntaxError, match="choose from"):
        rendered(source, rating=AMBER)


def test_every_icon_is_drawn_in_the_sprite():
    sprite = (Path(settings.BASE_DIR) / "static" / "sprite.svg").read_text()
    assert set(re.findall(r'id="i-([a-z]+)"', sprite)) == ICONS


# Ratings


def test_a_rating_says_its_word_its_letter_and_its_shape():
    html = rendered("{% rating_tag rating meaning=True %}", rating=AMBER)
    assert words(html) == "Amber at risk"
    assert re.findall(r"<text[^>]*>(.*?)</text>", html) == ["A"]
    assert '<path d="M12 1.2 23.6 22H.4z"/>' in html  # a triangle


def test_two_ratings_never_have_the_same_shape_on_the_usual_key():
    shapes = {
        re.search(r"<(path|circle|rect)[^>]*>", rendered("{% rating_shape r %}", r=rating))[0]
        for rating in examples()["ratings"]
        if rating is None or rating.code in "BGAR"
    }
    assert len(shapes) == 5


def test_no_rating_reads_as_not_rated():
    assert words(rendered("{% rating_tag rating %}", rating=None)) == "Not rated"


def test_a_proposed_rating_says_so_in_words_and_not_only_by_its_dashes():
    assert words(rendered("{% rating_tag r proposed=True %}", r=RED)) == "Red proposed"
    assert words(rendered("{% rating_shape r proposed=True %}", r=RED)) == "Red, proposed"


def test_a_shape_alone_has_hidden_words_unless_words_stand_beside_it():
    assert words(rendered("{% rating_shape r %}", r=RED)) == "Red"
    assert words(rendered("{% rating_shape r hidden_words=False %}", r=RED)) == ""


def test_a_strip_of_ratings_links_each_to_its_review():
    points = [
        ExamplePoint("Jan–Mar", None),
        ExamplePoint("Apr–Jun", AMBER, is_proposed=True, url="/reviews/2/"),
    ]
    html = rendered("{% rating_strip points %}", points=points)
    assert words(html) == "Jan–Mar Not rated Apr–Jun Amber, proposed"
    assert re.findall(r'href="([^"]*)"', html) == ["/reviews/2/"]


def test_words_from_people_are_escaped_in_every_part():
    script = "<script>alert(1)</script>"
    rating = SimpleNamespace(code="<b", word=script, meaning=script, token="red", shape="diamond")
    file = ExampleFile(script, "a.pdf", 10)
    point = ExamplePoint(script, rating)
    html = rendered(
        "{% rating_tag rating meaning=True %}{% rating_shape rating %}{% rating_strip points %}"
        "{% breadcrumbs crumbs %}{% button s %}{% button s href=s %}{% summary_row s s href=s %}"
        "{% progress_bar 1 2 s %}{% file_link file %}{% empty_state title=s %}{{ s }}"
        "{% endempty_state %}{% notice %}{{ s }}{% endnotice %}{{ names|sentence_join }}",
        rating=rating,
        points=[point],
        crumbs=[(script, script), (script, None)],
        s=script,
        file=file,
        names=[script, script],
    )
    assert "<script" not in html
    assert "<b<" not in html


# Links, buttons, facts


def test_breadcrumbs_mark_the_last_as_this_page():
    html = rendered("{% breadcrumbs items %}", items=[("Plans", "/plans/"), ("2026", None)])
    assert re.findall(r'href="([^"]*)"', html) == ["/plans/"]
    assert re.findall(r'aria-current="page">([^<]*)', html) == ["2026"]


def test_a_page_below_no_other_has_no_breadcrumbs():
    assert rendered("{% breadcrumbs items %}", items=[("Your account", None)]).strip() == ""


def test_a_button_with_an_address_is_a_link_and_without_one_sends_the_form():
    link = rendered('{% button "Go" href="/x/" %}')
    button = rendered('{% button "Save" name="then" value="next" kind="secondary" %}')
    assert (link.startswith('<a class="govuk-button" href="/x/"'), "<button" in link) == (True, False)
    assert 'type="submit"' in button
    assert 'name="then" value="next"' in button
    assert "govuk-button--secondary" in button


@pytest.mark.parametrize(
    ("file", "facts"),
    [
        (ExampleFile("Report", "report.pdf", 1_230_000, 48), "Report PDF, 48 pages, 1.2 MB"),
        (ExampleFile("Note", "note.docx", 340_000, 1), "Note Word, 1 page, 340 kB"),
        (ExampleFile("", "data.odd", 12), "data.odd ODD, 1 kB"),
    ],
)
def test_a_file_says_its_kind_pages_and_size(file, facts):
    assert words(rendered("{% file_link file %}", file=file)) == facts


def test_pages_keep_what_was_asked_of_the_list():
    request = RequestFactory().get("/", {"lead": "3", "page": "2"})
    page_obj = Paginator(range(30), 10).page(2)
    source = Template("{% load components %}{% pagination page_obj %}")
    html = source.render(Context({"request": request, "page_obj": page_obj}))
    links = re.findall(r'href="([^"]*)"', html)
    assert links == [f"?lead=3&amp;page={n}" for n in (1, 1, 2, 3, 3)]


def test_one_page_needs_no_page_links():
    page_obj = Paginator(range(3), 10).page(1)
    assert rendered("{% pagination p %}", p=page_obj, request=RequestFactory().get("/")) == ""


# Words about dates and lists


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (datetime.date(2022, 3, 1), "1 March 2022"),
        (datetime.datetime(2026, 6, 30, 23, 30, tzinfo=datetime.UTC), "1 July 2026"),
        (None, ""),
    ],
)
def test_a_date_is_said_in_full_as_it_is_here(value, said):
    assert rendered("{{ value|long_date }}", value=value) == said


@pytest.mark.parametrize(("due", "said"), [(8, "4 days late"), (11, "1 day late"), (12, ""), (13, "")])
def test_days_late_are_counted_in_words(due, said):
    context = {"due": datetime.date(2027, 1, due), "today": datetime.date(2027, 1, 12)}
    assert rendered("{{ due|days_late:today }}", **context) == said


@pytest.mark.parametrize(
    ("items", "said"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_a_list_reads_as_a_sentence(items, said):
    assert rendered("{{ items|sentence_join }}", items=items) == said


def test_the_day_something_is_due_is_a_date_for_machines_too():
    html = rendered("{% due_day day is_late=True %}", day=datetime.date(2027, 1, 8))
    assert words(html) == "Fri 8 Jan"
    assert 'datetime="2027-01-08"' in html


# Pages


@pytest.mark.parametrize("page", ERROR_PAGES)
@override_settings(STORAGES={"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}})
def test_an_error_page_comes_out_with_database_and_static_files_away(page):
    html = render_to_string(f"{page}.html")
    assert html.count("<h1") == 1
    assert '<link rel="stylesheet" href="/static/build/planner.css">' in html
    assert words(html).count(". ") >= 1  # what happened, and what to do


TEMPLATES = Path(settings.BASE_DIR) / "templates"


def not_shown(source):
    """The tags of ``components`` and the files of templates/components/ that ``source``, a template, does not use."""
    of_file = {
        name: file
        for file, name in re.findall(
            r'inclusion_tag\("components/(\w+)\.html".*\)\ndef (\w+)', Path(components.__file__).read_text()
        )
    }
    used = {name for name in components.register.tags if re.search(rf"{{% {name}\b", source)}
    files = {of_file[name] for name in used & set(of_file)} | set(
        re.findall(r'include "components/(\w+)\.html"', source)
    )
    tags = set(components.register.tags) - NO_PARTS - used
    return tags | {path.stem for path in (TEMPLATES / "components").glob("*.html")} - files


# Tags that are no part of a page: attributes.
NO_PARTS = {"watches", "page_language"}


def test_every_part_shows_on_the_page_of_components():
    """A part that nobody can look at is a part that nobody looks after."""
    source = (TEMPLATES / "design.html").read_text()
    assert not_shown(source) == set()
    assert not_shown(source.replace("{% due_day", "{% day")) == {"due_day"}
    assert not_shown(source.replace("components/sign_out.html", "")) == {"sign_out"}


def test_every_state_of_a_part_shows_on_the_page_of_components():
    source = (TEMPLATES / "design.html").read_text()
    asked = [f'{{% icon "{name}" %}}' for name in ICONS - {"menu", "plus", "file", "warning"}]
    asked += [
        f'kind="{kind}"'
        for kind in {**components.BUTTON_CLASSES, **components.NOTICE_CLASSES}
        if kind not in ("", "primary")
    ]
    assert [each for each in asked if each not in source] == []
