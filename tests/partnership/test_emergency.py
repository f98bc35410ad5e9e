"""Emergency access: two people, a reason, four hours, reading alone, and the group hears of it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from partnership.access import may
from partnership.emergency import HOURS, allow, ask, end, refuse, tell_waiting
from partnership.models import EmergencyAccess, User
from partnership.refusals import NotNow
from reviews.models import CaseReading

pytestmark = pytest.mark.usefixtures("rule_sets")

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
WHY = "A child is at risk tonight and nobody of the group answers."
LIST = reverse("partnership:emergency-list")


@pytest.fixture
def access(partnership, office, case_group_member):
    return ask(partnership=partnership, reason=WHY, by=office, at=NOW)


def asked_of(partnership):
    return reverse("partnership:emergency-ask", args=[partnership.pk])


def act(access, verb):
    return reverse(f"partnership:emergency-{verb}", args=[access.pk])


def again(user):
    return User.objects.get(pk=user.pk)


def test_one_asks_a_second_answers_and_the_case_opens_to_be_read_alone(
    client_of, partnership, office, case_group_member, case, mailoutbox, django_capture_on_commit_callbacks
):
    asker, second = client_of(office), client_of(case_group_member)
    assert asker.get(case.get_absolute_url()).status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        asker.post(asked_of(partnership), {"reason": WHY})
    access = EmergencyAccess.objects.get()
    assert [mail.to for mail in mailoutbox] == [[case_group_member.email]]
    assert asker.get(case.get_absolute_url()).status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        second.post(act(access, "allow"))
    assert sorted(mail.to[0] for mail in mailoutbox[1:]) == sorted([case_group_member.email, office.email])
    page = asker.get(case.get_absolute_url())
    assert (page.status_code, case.reference in page.content.decode()) == (200, True)
    assert CaseReading.objects.get().read_by == office
    reader = again(office)
    assert [may(reader, verb, case) for verb in ("view", "change", "decide")] == [True, False, False]


def test_no_mail_says_anything_of_a_case(access, case, mailoutbox):
    tell_waiting(at=NOW)
    allow(access, by=User.objects.get(name="Sunita Rao"), at=NOW)
    tell_waiting(at=NOW)
    words = " ".join(mail.subject + mail.body for mail in mailoutbox)
    assert (len(mailoutbox), case.reference in words, WHY in words) == (3, False, False)


def test_after_its_hours_it_is_over(access, office, case_group_member, case):
    allow(access, by=case_group_member, at=NOW)
    with time_machine.travel(NOW + timedelta(hours=HOURS, minutes=-1)):
        assert again(office).standing.case_group_ids == {case.partnership_id}
    with time_machine.travel(NOW + timedelta(hours=HOURS, minutes=1)):
        assert again(office).standing.case_group_ids == set()


def test_it_can_be_ended_at_once(client_of, access, office, case_group_member, case):
    allow(access, by=case_group_member, at=NOW)
    client = client_of(office)
    assert client.get(case.get_absolute_url()).status_code == 200
    client_of(case_group_member).post(act(access, "end"))
    assert client.get(case.get_absolute_url()).status_code == 404


def test_who_asked_cannot_answer(client_of, access, office):
    assert client_of(office).post(act(access, "allow")).status_code == 403
    with pytest.raises(IntegrityError), transaction.atomic():
        allow(access, by=office, at=NOW)


def test_it_is_answered_once(access, case_group_member):
    refuse(access, because="Ring me.", by=case_group_member)
    for answer in (
        lambda: allow(access, by=case_group_member, at=NOW),
        lambda: refuse(access, because="No.", by=case_group_member),
    ):
        with pytest.raises(NotNow):
            answer()
    access.refresh_from_db()
    assert (access.allowed_at, access.refused_because) == (None, "Ring me.")


def test_a_refusal_says_why_and_opens_nothing(client_of, access, office, case_group_member, case):
    second = client_of(case_group_member)
    assert second.post(act(access, "refuse"), {"because": ""}).status_code == 422
    second.post(act(access, "refuse"), {"because": "The chair has rung back."})
    assert "The chair has rung back." in client_of(office).get(access.get_absolute_url()).content.decode()
    assert again(office).standing.case_group_ids == set()


def test_asking_twice_asks_once(access, partnership, office):
    assert ask(partnership=partnership, reason="Again, please, at once.", by=office, at=NOW) == access


def test_what_was_taken_back_cannot_be_allowed(access, case_group_member):
    end(access, at=NOW)
    with pytest.raises(NotNow):
        allow(access, by=case_group_member, at=NOW)


def test_each_mail_leaves_once(access, mailoutbox):
    assert [tell_waiting(at=NOW), tell_waiting(at=NOW)] == [1, 0]


@pytest.mark.parametrize("role", ["chair", "partner", "advisor", "leaver", "training_coordinator"])
def test_to_others_the_page_does_not_exist(request, client_of, partnership, access, role):
    client = client_of(request.getfixturevalue(role))
    pages = [client.get(url) for url in (LIST, asked_of(partnership), access.get_absolute_url())]
    assert [page.status_code for page in pages] == [404, 404, 404]


def test_another_partnerships_office_asks_for_its_own_alone(client_of, partnership, access, stranger):
    client = client_of(stranger)
    pages = [client.get(url) for url in (LIST, asked_of(partnership), access.get_absolute_url())]
    assert [page.status_code for page in pages] == [200, 404, 404]
    assert WHY not in pages[0].content.decode()


def test_asking_says_nothing_of_whether_there_is_a_case(client_of, partnership, far_partnership, administrator, case):
    client = client_of(administrator)
    pages = [client.get(asked_of(each)) for each in (partnership, far_partnership)]
    assert [page.status_code for page in pages] == [200, 200]
    assert case.reference not in pages[0].content.decode()


@pytest.mark.parametrize("reason", ["", "Please"])
def test_a_reason_is_needed(client_of, partnership, office, reason):
    assert client_of(office).post(asked_of(partnership), {"reason": reason}).status_code == 422
    assert EmergencyAccess.objects.count() == 0
