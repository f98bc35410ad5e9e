"""The themes that cases and learning are counted under are the administrator's to change, and never erased."""

import pytest
from django.urls import reverse

from reviews.models import Theme
from tests.factories import ThemeFactory

LIST = reverse("reviews:theme-list")

pytestmark = pytest.mark.django_db


def test_the_administrator_adds_a_word_once(client_of, administrator):
    client, new = client_of(administrator), {"title": "Cold homes", "kind": "harm", "audience": ""}
    assert client.post(LIST, new).status_code == 302
    page = client.post(LIST, new | {"title": "cold  homes"})
    assert (page.status_code, page.context["form"].errors) == (
        422,
        {"title": ["This theme is there already. If it is offered no more, offer it again"]},
    )
    assert Theme.objects.filter(title__iexact="cold homes").count() == 1


def test_a_word_is_offered_no_more_and_again(client_of, administrator):
    theme = ThemeFactory(title="Cold homes")
    client, address = client_of(administrator), reverse("reviews:theme-retire", args=[theme.pk])
    found = []
    for offer in ("no", "yes"):
        client.post(address, {"offer": offer})
        theme.refresh_from_db()
        found.append(theme.is_retired)
    assert found == [True, False]


@pytest.mark.parametrize("role", ["office", "case_group_member", "stranger"])
def test_nobody_else_changes_the_words(request, client_of, role):
    theme, client = ThemeFactory(), client_of(request.getfixturevalue(role))
    answers = [
        client.post(LIST, {"title": "Mine", "kind": "harm"}),
        client.post(reverse("reviews:theme-retire", args=[theme.pk])),
    ]
    theme.refresh_from_db()
    assert ([answer.status_code for answer in answers], theme.is_retired) == ([403, 403], False)
