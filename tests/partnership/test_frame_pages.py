"""What stands around every page: where one is, who one is, the way out, and nothing inline."""

import re
from types import SimpleNamespace

from django.contrib.messages.storage.base import Message
from django.template.loader import render_to_string
from django.test import RequestFactory

NADIA = SimpleNamespace(is_authenticated=True, name="Nadia Fenwick", email="nadia@example.org")
NOBODY = SimpleNamespace(is_authenticated=False)
NAV = [
    SimpleNamespace(label="My work", url="/my-work/", is_current=True),
    SimpleNamespace(label="Plan", url="/plan/", is_current=False),
]


def page(user=NADIA, template="base.html", **context):
    request = RequestFactory().get("/")
    request.user = user
    frame = SimpleNamespace(
        nav=NAV if user is NADIA else (),
        partnerships_label="Ashford Vale",
        role_label="Business office",
        is_demo=False,
    )
    # Not RequestContext: the frame is given here, as the context processor would.
    return render_to_string(template, {"request": request, "user": user, "frame": frame, **context})


def test_the_menu_marks_where_one_is():
    links = re.findall(r'<li><a href="([^"]*)"( aria-current="page")?>', page())
    assert links == [("/my-work/", ' aria-current="page"'), ("/plan/", "")]


def test_the_menu_button_names_the_menu_it_opens():
    html = page()
    controlled = re.search(r'class="menu-button"[^>]*aria-controls="(\w+)"', html)[1]
    assert f'<nav class="nav" id="{controlled}"' in html


def test_signing_out_is_a_form_and_not_a_link():
    html = page()
    forms = re.findall(r'<form method="post" action="(/sign-out/)">', html)
    assert (forms, 'href="/sign-out/"' in html) == (["/sign-out/"], False)


def test_a_visitor_is_offered_to_sign_in_and_no_menu():
    html = page(NOBODY)
    assert ('href="/sign-in/"' in html, "menu-button" in html, "Sign out" in html) == (True, False, False)


def test_a_page_whose_form_has_errors_says_so_in_its_title():
    with_errors = SimpleNamespace(errors={"title": ["Enter a title"]})
    assert "<title>Error: " in page(form=with_errors)
    assert "<title>Error: " not in page()


def test_messages_have_the_role_their_news_needs():
    messages = [Message(25, "Saved"), Message(40, "Not <sent>"), Message(20, "Closes on 22 January")]
    html = page(messages=messages)
    assert re.findall(r'class="govuk-notification-banner[^"]*" role="(\w+)"', html) == [
        "alert",
        "alert",
        "region",
    ]
    assert "Not &lt;sent&gt;" in html


def test_a_public_page_is_the_partnerships_own():
    partnership = SimpleNamespace(name="Ashford Vale <SCP>", slug="ashford-vale", get_absolute_url="/p/ashford-vale/")
    html = page(NOBODY, "public_base.html", partnership=partnership, public_nav=NAV)
    assert 'href="/p/ashford-vale/house.css"' in html
    assert "Ashford Vale &lt;SCP&gt;" in html
    assert len(re.findall(r'aria-current="page"', html)) == 1
