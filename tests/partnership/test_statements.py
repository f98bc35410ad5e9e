"""Accessibility statement and privacy notice: good words from the first day, then the office's own, by versions."""

from datetime import UTC, date, datetime

import pytest
from django.db import InternalError, transaction
from django.urls import reverse

from partnership.deadlines import deadlines
from partnership.models import PublicStatement
from partnership.paragraphs import blocks_of
from partnership.refusals import NotNow
from partnership.statement_words import usual_words
from partnership.statements import begin_statement, keep_statement, publish_statement, remove_draft

KIND = PublicStatement.Kind
NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
TODAY = date(2027, 1, 12)


def words_of(client, partnership, kind=KIND.ACCESSIBILITY):
    page = client.get(reverse(f"partnership:public-{kind}", args=[partnership.slug]))
    return [item for block in page.context["blocks"] for item in (block.text, *block.items) if item]


def published(partnership, office, words, kind=KIND.ACCESSIBILITY):
    draft = begin_statement(partnership, kind, by=office)
    PublicStatement.objects.filter(pk=draft.pk).update(words=words)
    return publish_statement(draft, at=NOW, on=TODAY)


@pytest.mark.parametrize("kind", KIND)
def test_good_words_stand_from_the_first_day(client, partnership, kind):
    partnership.office_email = "office@example.org"
    partnership.save()
    words = usual_words(partnership, kind)
    assert len([block for block in blocks_of(words) if block.is_heading]) >= 5
    assert (partnership.name in words, "office@example.org" in words, "{" in words) == (True, True, False)
    assert words_of(client, partnership, kind)[0] == blocks_of(words)[0].text


def test_they_say_whom_to_ask_where_nothing_is_known_of_the_office(partnership):
    partnership.office_email = partnership.office_phone = ""
    assert "Ask our business office" in usual_words(partnership, KIND.PRIVACY)


def test_a_draft_is_the_office_s_until_it_is_published(client, client_of, office, partner, partnership):
    draft = begin_statement(partnership, KIND.ACCESSIBILITY, by=office)
    own = client_of(office)
    change = reverse("partnership:statement-change", args=[draft.pk])
    page = own.get(change)
    own.post(change, {"words": "Our own words\n\n- One\n- Two", "seen": page.context["form"]["seen"].initial})
    assert "Our own words" not in words_of(client, partnership)
    assert client_of(partner).get(reverse("partnership:statement-detail", args=[draft.pk])).status_code == 404
    own.post(reverse("partnership:statement-publish", args=[draft.pk]))
    assert words_of(client, partnership) == ["Our own words", "One", "Two"]


def test_nothing_typed_is_lost_where_it_is_empty(client_of, office, partnership):
    draft = begin_statement(partnership, KIND.PRIVACY, by=office)
    answer = client_of(office).post(reverse("partnership:statement-change", args=[draft.pk]), {"words": " "})
    assert answer.status_code == 422
    draft.refresh_from_db()
    assert draft.words == usual_words(partnership, KIND.PRIVACY)


def test_to_begin_twice_gives_one_draft(partnership, office):
    one, two = (begin_statement(partnership, KIND.PRIVACY, by=office) for _ in range(2))
    assert one == two
    assert begin_statement(partnership, KIND.ACCESSIBILITY, by=office) != one


def test_versions_stand_and_earlier_ones_can_be_read(client, partnership, office):
    published(partnership, office, "First words.")
    published(partnership, office, "Second words.")
    assert words_of(client, partnership) == ["Second words."]
    earlier = reverse("partnership:public-statement-version", args=[partnership.slug, "accessibility", 1])
    assert "First words." in client.get(earlier).content.decode()
    draft = begin_statement(partnership, KIND.ACCESSIBILITY, by=office)
    unpublished = reverse(
        "partnership:public-statement-version", args=[partnership.slug, "accessibility", draft.version]
    )
    assert client.get(unpublished).status_code == 404


def test_what_is_published_never_changes(partnership, office):
    statement = published(partnership, office, "It stands.")
    with pytest.raises(InternalError), transaction.atomic():
        PublicStatement.objects.filter(pk=statement.pk).update(words="It does not.")
    for refused in (lambda: publish_statement(statement, at=NOW, on=TODAY), lambda: remove_draft(statement)):
        with pytest.raises(NotNow):
            refused()


def test_to_look_again_and_change_nothing_is_a_version_of_the_same_words(partnership, office):
    first = published(partnership, office, "Still right.")
    kept = keep_statement(partnership, KIND.ACCESSIBILITY, by=office, at=NOW, on=date(2028, 1, 10))
    assert (kept.version, kept.words, kept.reviewed_on) == (first.version + 1, "Still right.", date(2028, 1, 10))


def test_it_is_not_looked_at_while_a_draft_would_change_it(partnership, office):
    draft = begin_statement(partnership, KIND.ACCESSIBILITY, by=office)
    PublicStatement.objects.filter(pk=draft.pk).update(words="Something else.")
    with pytest.raises(NotNow):
        keep_statement(partnership, KIND.ACCESSIBILITY, by=office, at=NOW, on=TODAY)


def test_the_office_is_asked_to_look_again_after_a_year(partnership, office):
    def due():
        found = deadlines(on=TODAY)
        return [(each.due_on, each.title, each.url) for each in found if each.kind == "Public statement"]

    assert due() == []
    published(partnership, office, "Words.")
    page = reverse("partnership:statement-list", args=[partnership.pk])
    assert due() == [(date(2028, 1, 12), "Look again at the accessibility statement", page)]
    keep_statement(partnership, KIND.ACCESSIBILITY, by=office, at=NOW, on=date(2027, 6, 1))
    assert [day for day, *_ in due()] == [date(2028, 6, 1)]


@pytest.mark.parametrize("versions", [1, 3])
def test_query_counts(client, client_of, office, partnership, django_assert_num_queries, versions):
    for number in range(versions):
        published(partnership, office, f"Words {number}.")
    with django_assert_num_queries(5):
        client.get(reverse("partnership:public-accessibility", args=[partnership.slug]))
    own = client_of(office)
    own.get(reverse("partnership:statement-list", args=[partnership.pk]))
    with django_assert_num_queries(7):
        own.get(reverse("partnership:statement-list", args=[partnership.pk]))
