"""T4: two people change one record: nothing is lost unseen, whoever saves second."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partnership.forms import PlannerModelForm
from partnership.models import Group, Partnership
from tests.factories import GroupFactory

pytestmark = pytest.mark.django_db


class GroupForm(PlannerModelForm):
    class Meta:
        model = Group
        fields = ["name", "purpose", "kind", "partnerships", "opened_on"]


def answers(form, **changed):
    """What a browser sends for an unbound ``form``, with ``changed`` typed over."""
    data = {}
    for name in form.fields:
        value = form[name].initial if name == "seen" else form.initial.get(name)
        if name == "opened_on":
            value = value or ""
            data |= {f"opened_on_{n}": part for n, part in enumerate(str(value).split("-")[::-1]) if value}
        elif name == "partnerships":
            data[name] = [record.pk for record in value]
        else:
            data[name] = value
    return data | changed


@pytest.fixture
def group(partnership, other_partnership, executive):
    return GroupFactory(name="Quality", purpose="Looks.", partnerships=[partnership], parent=executive)


def fresh(group):
    return Group.objects.get(pk=group.pk)


def test_alone_one_saves_what_one_typed(group):
    mine = answers(GroupForm(instance=fresh(group)), purpose="Looks hard.")
    form = GroupForm(mine, instance=fresh(group))
    assert form.is_valid(), form.errors
    form.save()
    assert (fresh(group).purpose, form.merged, form.status) == ("Looks hard.", [], 200)


def test_what_only_the_other_changed_is_kept_and_named(group, other_partnership):
    mine = answers(GroupForm(instance=fresh(group)), purpose="Looks hard.")
    Group.objects.filter(pk=group.pk).update(name="Quality and Scrutiny", opened_on="2026-04-01")
    group.partnerships.add(other_partnership)
    form = GroupForm(mine, instance=fresh(group))
    assert form.is_valid(), form.errors
    form.save()
    saved = fresh(group)
    assert (saved.name, saved.purpose, str(saved.opened_on)) == ("Quality and Scrutiny", "Looks hard.", "2026-04-01")
    assert saved.partnerships.count() == 2
    assert form.merged == ["Name", "Opened on", "Partnerships"]


def test_what_both_changed_comes_back_with_both_and_saving_again_keeps_ones_own(group):
    mine = answers(GroupForm(instance=fresh(group)), purpose="Looks hard.")
    Group.objects.filter(pk=group.pk).update(purpose="Listens.")
    form = GroupForm(mine, instance=fresh(group))
    assert not form.is_valid()
    assert form.errors == {
        "purpose": [
            "Partnership Planner changed this while you were writing. It now says “Listens.”, and said “Looks.” when "
            "you began. Your own words are still here: save again to keep them, or put theirs in"
        ]
    }
    assert (form.status, form["purpose"].value(), fresh(group).purpose) == (409, "Looks hard.", "Listens.")

    again = GroupForm(mine | {"seen": form["seen"].value()}, instance=fresh(group))
    assert again.is_valid(), again.errors
    again.save()
    assert fresh(group).purpose == "Looks hard."


def test_what_stood_before_is_said_in_the_words_of_the_page(group, partnership, other_partnership):
    """A day, a choice, and records: of which both changed, and saw, the same."""
    both = [partnership.pk, other_partnership.pk]
    mine = answers(GroupForm(instance=fresh(group)), kind="task", partnerships=both)
    mine |= {"opened_on_day": "2", "opened_on_month": "4", "opened_on_year": "2025"}
    Group.objects.filter(pk=group.pk).update(kind="panel", opened_on="2026-05-01")
    group.partnerships.set([other_partnership])
    form = GroupForm(mine, instance=fresh(group))
    assert not form.is_valid()
    said = {name: re.search("It now says (.*)[.] Your own", words[0])[1] for name, words in form.errors.items()}
    assert said == {
        "kind": "“Panel”, and said “Subgroup” when you began",
        "opened_on": "“1 May 2026”, and said “nothing” when you began",
        "partnerships": f"“{other_partnership}”, and said “{partnership}” when you began",
    }


def test_both_writing_the_same_is_no_conflict(group):
    mine = answers(GroupForm(instance=fresh(group)), purpose="Listens.")
    Group.objects.filter(pk=group.pk).update(purpose="Listens.")
    assert GroupForm(mine, instance=fresh(group)).is_valid()


def test_the_control_without_what_was_shown_the_other_s_words_would_be_lost(group):
    mine = answers(GroupForm(instance=fresh(group)), purpose="Looks hard.", seen="")
    Group.objects.filter(pk=group.pk).update(purpose="Listens.", name="Quality and Scrutiny")
    form = GroupForm(mine, instance=fresh(group))
    form.save()
    assert (fresh(group).purpose, fresh(group).name) == ("Looks hard.", "Quality")


@pytest.mark.parametrize("token", ["nonsense", "a:b:c"])
def test_a_broken_token_is_as_none(group, token):
    form = GroupForm(answers(GroupForm(instance=fresh(group)), seen=token), instance=fresh(group))
    assert form.is_valid()


def test_a_form_that_comes_back_locks_the_record(group):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        GroupForm({}, instance=fresh(group))
    assert [sql["sql"] for sql in asked if re.search(r"FOR NO KEY UPDATE OF", sql["sql"])]


def test_a_new_record_has_nothing_to_compare():
    assert "seen" not in GroupForm().fields
    assert "seen" not in GroupForm(instance=Group(name="New")).fields
    assert Partnership.objects.count() == 0
