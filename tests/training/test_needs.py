"""Learning needs: a year's needs found, ranked and decided; members, groups and practitioners asked without a name."""

from datetime import date
from io import BytesIO

import pikepdf
import pytest
import time_machine
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from partnership.deadlines import deadlines, deadlines_for
from partnership.models import Group
from partnership.refusals import ChangedMeanwhile, NotNow
from tests.factories import CourseFactory, EventFactory, GroupFactory, PlaceFactory
from tests.factories_training import (
    LearningNeedFactory,
    NeedsAnalysisFactory,
    NeedsInvitationFactory,
    NeedsReplyFactory,
    NeedsWishFactory,
)
from training.links import NEEDS, address_of, token_of
from training.models import LearningNeed, NeedsAnalysis, NeedsInvitation, NeedsReply, NeedsWish, Place, TrainingMail
from training.needs import asking as needs_asking
from training.needs import deciding as needs

pytestmark = pytest.mark.django_db

Kind, Decision = NeedsInvitation.Kind, LearningNeed.Decision
TODAY = date(2027, 1, 12)
CLOSED = date(2027, 1, 30)


@pytest.fixture
def analysis(partnership):
    return NeedsAnalysisFactory(partnership=partnership)


@pytest.fixture
def quiet(partnership):
    """An analysis that asks nobody."""
    return NeedsAnalysisFactory(partnership=partnership, opens_on=None, closes_on=None)


@pytest.fixture
def course(partnership):
    return CourseFactory(title="Safer sleep", partnerships=[partnership])


def need_of(analysis, topic, position, **fields):
    return LearningNeedFactory(analysis=analysis, topic=topic, position=position, **fields)


def topics(analysis):
    return list(analysis.needs.order_by("position").values_list("topic", flat=True))


def url(name, *args):
    return reverse(f"training:needs-{name}", args=args)


def said(invitation, topic, count=1, **fields):
    """``count`` replies by that link, each with one wish."""
    return [
        NeedsWishFactory(reply=NeedsReplyFactory(invitation=invitation), topic=topic, **fields) for _ in range(count)
    ]


# The year


def test_the_next_year_begins_with_what_was_left_unmet_and_says_so(partnership, course):
    last = NeedsAnalysisFactory(
        partnership=partnership, title="Needs 2026-27", starts_on=date(2026, 4, 1), ends_on=date(2027, 3, 31)
    )
    need_of(last, "Met", 1, decision="met", courses=[course])
    need_of(last, "Left", 2, decision="unmet", reasons="No trainer.", source="audit", source_key="finding:7")
    need_of(last, "Half", 3, decision="partly", reasons="Days for half of them.", courses=[course])
    first, ends = needs.next_year(partnership, on=TODAY)
    assert (first, ends) == (date(2027, 4, 1), date(2028, 3, 31))
    new, is_new = needs.begin_analysis(partnership, starts_on=first, ends_on=ends, title="Needs 2027-28")
    again, is_again = needs.begin_analysis(partnership, starts_on=first, ends_on=ends, title="Needs 2027-28")
    assert (is_new, is_again, again) == (True, False, new)
    carried = list(new.needs.order_by("position").values_list("position", "topic", "why", "source_key", "decision"))
    assert carried == [
        (1, "Left", "Carried forward from “Needs 2026-27”, where it was left unmet: No trainer.", "finding:7", ""),
        (
            2,
            "Half",
            "Carried forward from “Needs 2026-27”, where it was only partly met: Days for half of them.",
            "",
            "",
        ),
    ]


def test_nothing_comes_over_where_it_is_not_asked_for(partnership):
    last = NeedsAnalysisFactory(partnership=partnership, starts_on=date(2026, 4, 1), ends_on=date(2027, 3, 31))
    need_of(last, "Left", 1, decision="unmet", reasons="No trainer.")
    new, _ = needs.begin_analysis(
        partnership, starts_on=date(2027, 4, 1), ends_on=date(2028, 3, 31), title="x", is_carried=False
    )
    assert topics(new) == []


@pytest.mark.parametrize(("on", "first"), [(date(2027, 1, 12), date(2027, 4, 1)), (date(2027, 4, 1), date(2028, 4, 1))])
def test_the_first_analysis_is_of_the_financial_year_to_come(partnership, on, first):
    assert needs.next_year(partnership, on=on)[0] == first


def test_a_year_from_a_leap_day_ends_the_day_before_the_last_of_february():
    assert needs.last_day_of_year(date(2028, 2, 29)) == date(2029, 2, 27)


def test_settled_it_stands_and_members_read_it(quiet, course, partner, office, client_of):
    need = need_of(quiet, "Sleep", 1, decision="met", courses=[course])
    assert client_of(partner).get(quiet.get_absolute_url()).status_code == 404
    needs.settle(quiet, on=TODAY)
    page = client_of(partner).get(quiet.get_absolute_url())
    assert page.status_code == 200
    assert "Sleep" in page.text
    assert "From asking to deciding" not in page.text
    for act in (
        lambda: needs.add_need(quiet, topic="Late"),
        lambda: needs.take_out(need),
        lambda: needs.move_need(need, 1),
        lambda: needs.decide(need, decision="", courses=[], reasons=""),
        lambda: needs.take_offers(quiet, []),
        lambda: needs_asking.invite(quiet),
    ):
        with pytest.raises(NotNow, match="settled"):
            act()
    again = needs.open_again(quiet)
    assert again.settled_on is None
    assert client_of(partner).get(quiet.get_absolute_url()).status_code == 404
    reasons = [event.pgh_context.metadata.get("reason") for event in quiet.events.order_by("pgh_id")[1:]]
    assert reasons == ["Settled: members read it", "Opened again"]


def test_settling_is_refused_while_any_is_open_and_names_them(quiet, office, client_of):
    need_of(quiet, "Sleep", 1, decision="unmet", reasons="No money.")
    need_of(quiet, "Neglect", 2)
    need_of(quiet, "Coercive control", 3)
    answer = client_of(office).post(url("settle", quiet.pk))
    assert answer.status_code == 422
    assert "Not decided: “Neglect” and “Coercive control”." in answer.text
    quiet.refresh_from_db()
    assert quiet.settled_on is None


@pytest.mark.parametrize(
    ("on", "because"), [(TODAY, "Questions are open until 29 January 2027"), (CLOSED, "no need in it yet")]
)
def test_nothing_is_settled_while_questions_are_open_or_before_there_is_a_need(analysis, on, because):
    with pytest.raises(NotNow, match=because):
        needs.settle(analysis, on=on)


# The needs


def test_a_need_is_left_unmet_only_with_a_reason_by_the_database_too(analysis):
    need = need_of(analysis, "Sleep", 1)
    for decision in ("unmet", "partly"):
        with pytest.raises(IntegrityError, match="need_left_unmet_says_why"), transaction.atomic():
            LearningNeed.objects.filter(pk=need.pk).update(decision=decision, reasons="")
    LearningNeed.objects.filter(pk=need.pk).update(decision="unmet", reasons="No trainer")


@pytest.mark.parametrize(
    ("answers", "errors"),
    [
        ({"decision": ""}, {"decision"}),
        ({"decision": "met"}, {"courses"}),
        ({"decision": "partly"}, {"courses", "reasons"}),
        ({"decision": "unmet"}, {"reasons"}),
        ({"decision": "unmet", "reasons": "   "}, {"reasons"}),
    ],
)
def test_a_decision_says_by_which_courses_or_why_not(analysis, office, client_of, answers, errors):
    need = need_of(analysis, "Sleep", 1)
    answer = client_of(office).post(url("need-decide", analysis.pk, need.pk), answers)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == errors


def test_a_need_is_met_by_courses_of_its_own_partnership_alone(
    analysis, course, far_partnership, training_coordinator, client_of
):
    need, far = need_of(analysis, "Sleep", 1), CourseFactory(partnerships=[far_partnership])
    client, to = client_of(training_coordinator), url("need-decide", analysis.pk, need.pk)
    assert client.post(to, {"decision": "met", "courses": [far.pk]}).status_code == 422
    assert client.post(to, {"decision": "met", "courses": [course.pk]}).status_code == 302
    need.refresh_from_db()
    assert (need.decision, list(need.courses.all())) == ("met", [course])


def test_a_retired_course_stays_chosen_where_it_was(analysis, course, office, client_of):
    need = need_of(analysis, "Sleep", 1, decision="met", courses=[course])
    course.retired_on = TODAY
    course.save()
    to = url("need-decide", analysis.pk, need.pk)
    assert client_of(office).post(to, {"decision": "met", "courses": [course.pk]}).status_code == 302


def test_ranks_are_typed_and_a_need_goes_where_its_number_says(analysis):
    made = [need_of(analysis, topic, place) for place, topic in enumerate("ABCD", start=1)]
    keys = [need.pk for need in made]
    typed = dict(zip(keys, [1, 2, 3, 1], strict=True))  # D to the first place
    needs.rank_needs(analysis, typed, seen=keys)
    assert topics(analysis) == ["D", "A", "B", "C"]
    now = [need.pk for need in analysis.needs.all()]
    needs.rank_needs(analysis, dict(zip(now, [3, 2, 3, 4], strict=True)), seen=now)  # D down to the third
    assert topics(analysis) == ["A", "B", "D", "C"]
    assert list(analysis.needs.values_list("position", flat=True)) == [1, 2, 3, 4]


def test_a_need_is_moved_up_and_down_and_not_off_the_end(analysis):
    first, second, third = (need_of(analysis, topic, place) for place, topic in enumerate("ABC", start=1))
    needs.move_need(third, -1)
    needs.move_need(first, -1)
    needs.move_need(second, 5)
    assert topics(analysis) == ["A", "C", "B"]


def test_every_page_and_file_shows_them_in_their_order(analysis, course, office, client_of):
    first, second = (
        need_of(analysis, topic, place, decision="met", courses=[course]) for place, topic in [(1, "A"), (2, "B")]
    )
    needs.move_need(second, -1)
    assert [met.need.topic for met in needs.against_need(analysis, on=TODAY)] == ["B", "A"]
    page = client_of(office).get(analysis.get_absolute_url())
    assert [row["need"].topic for row in page.context["rows"]] == ["B", "A"]
    assert [row["need"].topic for row in client_of(office).get(url("rank", analysis.pk)).context["rows"]] == ["B", "A"]


def test_whoever_ranks_what_changed_meanwhile_is_told_and_their_numbers_stay(analysis, office, client_of):
    first, second = need_of(analysis, "A", 1), need_of(analysis, "B", 2)
    seen = f"{first.pk},{second.pk}"
    need_of(analysis, "C", 3)
    answer = client_of(office).post(
        url("rank", analysis.pk), {"seen": seen, f"rank{first.pk}": "2", f"rank{second.pk}": "1"}
    )
    assert answer.status_code == 409
    assert "Somebody else changed the needs meanwhile" in answer.text
    assert [row["typed"] for row in answer.context["rows"]] == ["2", "1", 3]
    assert topics(analysis) == ["A", "B", "C"]
    with pytest.raises(ChangedMeanwhile):
        needs.rank_needs(analysis, {first.pk: 2, second.pk: 1}, seen=[first.pk, second.pk])


@pytest.mark.parametrize("typed", ["", "0", "-1", "two", "99999", "1.5", "²"])
def test_a_rank_that_is_no_number_is_asked_for_again_and_nothing_is_lost(analysis, office, client_of, typed):
    need = need_of(analysis, "A", 1)
    answer = client_of(office).post(url("rank", analysis.pk), {"seen": str(need.pk), f"rank{need.pk}": typed})
    assert answer.status_code == 422
    assert [(row["typed"], row["is_wrong"]) for row in answer.context["rows"]] == [(typed, True)]


def test_taken_out_the_others_close_up_and_wishes_are_without_a_need_again(analysis, charity):
    first, second = need_of(analysis, "A", 1), need_of(analysis, "B", 2)
    (wish,) = said(NeedsInvitationFactory(analysis=analysis, organisation=charity), "A")
    needs_asking.place_wishes(analysis, [wish.pk], need=first, on=TODAY)
    needs.take_out(first)
    wish.refresh_from_db()
    second.refresh_from_db()
    assert (wish.need, second.position) == (None, 1)


def test_the_same_need_sent_twice_is_one(analysis, office, client_of):
    client, answers = client_of(office), {"topic": "Sleep", "audience": "All", "source": "other", "urgency": "3"}
    for _ in range(2):
        assert client.post(url("add", analysis.pk), answers).status_code == 302
    assert topics(analysis) == ["Sleep"]


def test_another_persons_change_is_shown_and_not_overwritten(analysis, office, training_coordinator, client_of):
    need = need_of(analysis, "Sleep", 1)
    client, to = client_of(office), url("need-change", analysis.pk, need.pk)
    seen = client.get(to).context["form"]["seen"].value()
    need.topic = "Safer sleep"
    need.save()
    answer = client.post(to, {"topic": "Asleep", "source": "other", "urgency": "2", "seen": seen})
    assert answer.status_code == 409
    assert "It now says “Safer sleep”" in answer.text


def test_a_need_of_another_analysis_is_gone(analysis, quiet_need_elsewhere, office, client_of):
    assert client_of(office).get(url("need", analysis.pk, quiet_need_elsewhere.pk)).status_code == 404


@pytest.fixture
def quiet_need_elsewhere(far_partnership):
    return need_of(NeedsAnalysisFactory(partnership=far_partnership), "Elsewhere", 1)


# Against need


def test_against_each_need_stands_what_its_courses_were_in_the_year(quiet, course, partnership):
    need_of(quiet, "Sleep", 1, decision="met", courses=[course])
    need_of(quiet, "Neglect", 2, decision="unmet", reasons="No trainer.")
    day = date(2027, 5, 4)

    def event(day, **fields):
        return EventFactory(course=course, starts_at=f"{day}T09:30:00Z", capacity=20, **fields)

    held = event(day)
    for status in (Place.Status.ATTENDED, Place.Status.ATTENDED, Place.Status.MISSED, Place.Status.CANCELLED):
        PlaceFactory(event=held, status=status)
    PlaceFactory(event=event(date(2027, 9, 1)), status=Place.Status.BOOKED)
    event(date(2027, 6, 1), cancelled_at="2027-05-20T09:00:00Z", cancelled_because="Ill.")
    event(date(2027, 3, 31))
    event(date(2028, 4, 1))
    first, second = needs.against_need(quiet, on=date(2027, 6, 30))
    assert first.held == needs.Held(planned=1, held=1, places=40, booked=4, attended=2)
    assert (second.held, second.left) == (needs.Held(), "No trainer.")


def test_other_rooms_read_the_needs_of_settled_analyses_of_those_days(quiet, course, partnership, far_partnership):
    need_of(quiet, "Neglect", 1, decision="unmet", reasons="No trainer.")
    stretch = (date(2027, 4, 1), date(2028, 3, 31))
    assert needs.needs_of(partnership, *stretch) == []
    needs.settle(quiet, on=TODAY)
    (met,) = needs.needs_of(partnership, *stretch)
    assert (met.need.topic, met.left) == ("Neglect", "No trainer.")
    assert needs.needs_of(partnership, date(2028, 4, 1), date(2029, 3, 31)) == []
    assert needs.needs_of(far_partnership, *stretch) == []


# Asking


def answers(press, topic="Talking about sleep", **more):
    return {"topic1": topic, "audience1": "All", "urgency1": "3", "why1": "", "press": press, **more}


@pytest.fixture
def people(analysis, charity):
    return NeedsInvitationFactory(analysis=analysis, organisation=charity, kind=Kind.PRACTITIONERS)


@pytest.fixture
def member(analysis, charity):
    return NeedsInvitationFactory(analysis=analysis, organisation=charity)


def path_of(invitation):
    return reverse("training:needs-open", args=[token_of(NEEDS, invitation)])


def test_a_practitioner_answers_without_account_name_or_cookie_and_a_second_press_is_none(people, client_of):
    client, to = client_of(None), path_of(people)
    page = client.get(to)
    assert page.status_code == 200
    assert {"private", "no-store"} <= {part.strip() for part in page["Cache-Control"].split(",")}
    assert page["Referrer-Policy"] == "strict-origin"
    assert settings.SESSION_COOKIE_NAME not in client.cookies
    press = page.context["form"]["press"].value()
    for _ in range(2):
        assert client.post(to, answers(press, by="Priya Shah", name="Priya Shah")).status_code == 200
    reply = NeedsReply.objects.get()
    assert (reply.by, reply.job, [wish.topic for wish in reply.wishes.all()]) == ("", "", ["Talking about sleep"])


def test_following_the_link_changes_nothing(people, client_of):
    client = client_of(None)
    for _ in range(3):
        client.get(path_of(people))
        client.head(path_of(people))
    assert not NeedsReply.objects.exists()


def test_a_member_answers_by_name_and_post_and_again_the_latest_first(member, partner, client_of):
    client, to = client_of(None), path_of(member)
    press = client.get(to).context["form"]["press"].value()
    nameless = client.post(to, answers(press))
    assert nameless.status_code == 422
    assert set(nameless.context["form"].errors) == {"name", "post"}
    assert "Talking about sleep" in nameless.text
    client.post(to, answers(press, name="Greta Holloway", post="Manager"))
    press = client.get(to).context["form"]["press"].value()
    with time_machine.travel("2027-01-20T09:00:00Z"):
        client.post(to, answers(press, "Neglect", name="Greta Holloway", post="Manager"))
        page = client_of(partner).get(member.get_absolute_url())
    assert [reply.by for reply in page.context["replies"]] == ["Greta Holloway, Manager"] * 2
    assert [wish.topic for reply in page.context["replies"] for wish in reply.wishes.all()] == [
        "Neglect",
        "Talking about sleep",
    ]


def test_nothing_said_is_asked_for_and_a_reason_without_a_topic_too(people, client_of):
    client, to = client_of(None), path_of(people)
    empty = client.post(to, {})
    assert (empty.status_code, set(empty.context["form"].errors)) == (422, {"topic1"})
    half = client.post(to, {"topic1": "Sleep", "why3": "Said in supervision"})
    assert (half.status_code, set(half.context["form"].errors)) == (422, {"topic3"})
    assert "Said in supervision" in half.text
    assert [is_open for _number, _fields, is_open in half.context["form"].parts] == [True, False, True, False, False]


def test_no_more_than_five_things_are_kept(people, client_of):
    client, to = client_of(None), path_of(people)
    client.post(to, {f"topic{number}": f"Topic {number}" for number in range(1, 9)})
    assert NeedsWish.objects.count() == 5


@pytest.mark.parametrize("token", ["x", "a.1.b", "0" * 32 + ".1.sig"])
def test_a_link_that_proves_nothing_is_one_friendly_page(people, client_of, token):
    answer = client_of(None).get(reverse("training:needs-open", args=[token]))
    assert answer.status_code == 404
    assert "Ask whoever gave it to you" in answer.text


def test_a_new_link_ends_the_one_before(people, analysis, office, client_of):
    before = path_of(people)
    client_of(office).post(url("link", analysis.pk, people.pk))
    people.refresh_from_db()
    assert (people.generation, people.sent_on) == (2, None)
    assert client_of(None).get(before).status_code == 404
    assert client_of(None).get(path_of(people)).status_code == 200


def test_the_link_of_one_opens_no_page_of_another_kind(people, member):
    assert address_of(NEEDS, people) != address_of(NEEDS, member)


def test_after_the_questions_close_what_was_typed_is_shown_and_not_kept(people, client_of):
    with time_machine.travel("2027-01-30T09:00:00Z"):
        answer = client_of(None).post(path_of(people), answers("", "Words that took an hour"))
    assert answer.status_code == 404
    assert "Words that took an hour" in answer.text
    assert not NeedsReply.objects.exists()


def test_closed_while_somebody_writes_nothing_is_kept(people):
    with pytest.raises(NotNow):
        needs_asking.keep_reply(people, press=needs_asking.press_of(""), wishes=[{"topic": "Late"}], on=CLOSED)
    assert not NeedsReply.objects.exists()


# Of practitioners nothing below five, and nothing that follows by subtraction


@pytest.mark.parametrize(("count", "on", "told"), [(4, CLOSED, 0), (5, CLOSED, 5), (5, TODAY, 0), (9, TODAY, 0)])
def test_practitioners_words_are_told_from_five_on_and_once_it_is_closed(analysis, people, count, on, told):
    said(people, "Sleep", count)
    assert NeedsWish.objects.told(analysis, on=on).count() == told
    assert sum(len(each.wishes) for each in needs_asking.unplaced(analysis, on=on)) == told


def test_members_words_are_told_at_once(analysis, member):
    said(member, "Sleep")
    assert NeedsWish.objects.told(analysis, on=TODAY).count() == 1


def test_no_page_shows_fewer_than_five_practitioners_or_their_words(analysis, people, charity, office, client_of):
    said(people, "Canary of four practitioners", 4)
    need_of(analysis, "Sleep", 1)
    with time_machine.travel("2027-02-01T09:00:00Z"):
        client = client_of(office)
        for name in ("detail", "invitations", "wishes", "settle", "excel"):
            page = client.get(url(name, analysis.pk))
            assert page.status_code == 200
            assert b"Canary" not in page.content
        invited = client.get(url("invitations", analysis.pk))
    (row,) = [row for row in invited.context["rows"] if row["invitation"] == people]
    assert row["asked"].count is None
    assert "Fewer than 5" in invited.text


def test_control_a_fifth_shows_them(analysis, people, office, client_of):
    said(people, "Canary of five practitioners", 5)
    with time_machine.travel("2027-02-01T09:00:00Z"):
        assert "Canary" in client_of(office).get(url("wishes", analysis.pk)).text


def test_an_agency_with_few_replies_stands_in_no_sum(analysis, people, hospital):
    few = NeedsInvitationFactory(analysis=analysis, organisation=hospital, kind=Kind.PRACTITIONERS)
    said(people, "Sleep", 5)
    said(few, "Sleep", 4)
    (alike,) = needs_asking.unplaced(analysis, on=CLOSED)
    assert (len(alike.wishes), alike.asked) == (5, "practitioners of 1 agency")
    every = list(NeedsWish.objects.values_list("pk", flat=True))
    need, count = needs_asking.need_of_wishes(analysis, every, topic="", on=CLOSED)
    assert count == 5
    assert LearningNeed.objects.with_asked().get(pk=need.pk).asked_agencies == 1


def test_questions_that_closed_are_not_opened_again_once_practitioners_may_have_been_read(
    analysis, people, office, client_of
):
    said(people, "Sleep", 5)
    days = {"starts_on": (1, 4, 2027), "ends_on": (31, 3, 2028), "opens_on": (4, 1, 2027), "closes_on": (28, 2, 2027)}
    body = {"title": "Needs"} | {
        f"{name}_{part}": value
        for name, day in days.items()
        for part, value in zip(("day", "month", "year"), day, strict=True)
    }
    with time_machine.travel("2027-02-01T09:00:00Z"):
        answer = client_of(office).post(url("change", analysis.pk), body)
        assert answer.status_code == 422
        assert "cannot be opened again" in answer.text
        NeedsReply.objects.first().delete()
        assert client_of(office).post(url("change", analysis.pk), body).status_code == 302


def test_the_history_keeps_nothing_of_a_reply():
    assert not [model for model in (NeedsReply, NeedsWish) if hasattr(model, "pgh_event_models")]


# Who is asked


def test_members_groups_and_practitioners_get_a_link_each_once(
    analysis, charity, hospital, learning_group, case_group, office, client_of
):
    client, to = client_of(office), url("invitations", analysis.pk)
    form = client.get(to).context["form"]
    assert case_group not in form.fields["groups"].queryset
    body = {
        "organisations": [charity.pk, hospital.pk],
        "practitioners_of": [charity.pk],
        "groups": [learning_group.pk],
    }
    assert client.post(to, body).status_code == 302
    assert analysis.invitations.count() == 4
    assert list(client.get(to).context["form"].fields) == ["practitioners_of", "groups"]
    assert client.post(to, {"groups": [case_group.pk]}).status_code == 422
    assert needs_asking.invite(analysis, organisations=[charity]) == 0


def test_a_link_is_mailed_once_to_each_person_of_the_organisation_and_chased_once_a_day(
    analysis, member, partner, chair, learning_group, office, client_of
):
    group = NeedsInvitationFactory(analysis=analysis, organisation=None, group=learning_group, kind=Kind.GROUP)
    for _ in range(2):
        client_of(office).post(url("mail", analysis.pk, member.pk))
    assert list(TrainingMail.objects.values_list("address", flat=True)) == [partner.email]
    for _ in range(2):
        client_of(office).post(url("mail-all", analysis.pk))
    assert sorted(TrainingMail.objects.values_list("address", flat=True)) == sorted(
        [partner.email, partner.email, chair.email]
    )
    said(member, "Sleep")
    with time_machine.travel("2027-01-13T09:00:00Z"):
        client_of(office).post(url("mail-all", analysis.pk))
    assert TrainingMail.objects.filter(address=partner.email).count() == 2
    assert TrainingMail.objects.filter(address=chair.email).count() == 2
    member.refresh_from_db()
    assert member.sent_on == TODAY
    assert group.mails.count() == 2


def test_a_new_link_is_mailed_again(analysis, member, partner):
    needs_asking.mail_links([member], on=TODAY)
    needs_asking.end_link(member)
    member.refresh_from_db()
    needs_asking.mail_links([member], on=TODAY)
    assert TrainingMail.objects.filter(kind="needs", address=partner.email).count() == 2


def test_who_has_no_account_is_named_so_that_somebody_hands_the_link_on(analysis, charity, office, client_of):
    invitation = NeedsInvitationFactory(analysis=analysis, organisation=charity)
    page = client_of(office).post(url("mail", analysis.pk, invitation.pk), follow=True)
    assert "Nobody with an account is known of Lantern Family Trust" in page.text


def test_nobody_is_mailed_after_the_questions_close(analysis, member, partner, office, client_of):
    with time_machine.travel("2027-01-30T09:00:00Z"):
        client_of(office).post(url("mail-all", analysis.pk))
    assert not TrainingMail.objects.exists()


def test_an_invitation_is_taken_back_until_somebody_answers(analysis, member, people):
    needs_asking.take_back(people)
    said(member, "Sleep")
    with pytest.raises(NotNow, match="answered"):
        needs_asking.take_back(member)
    assert list(analysis.invitations.all()) == [member]


def test_people_with_an_account_find_it_in_their_work_until_it_is_answered(
    analysis, member, people, partner, other_partner, chair, learning_group
):
    NeedsInvitationFactory(analysis=analysis, organisation=None, group=learning_group, kind=Kind.GROUP)

    def due(user, on=TODAY):
        return [
            (each.title, each.due_on, each.url) for each in deadlines_for(user, on=on) if each.key.startswith("needs:")
        ]

    own = [("Say what there is to learn: Learning needs 2027-28", date(2027, 1, 29), member.get_absolute_url())]
    assert due(partner) == own
    assert len(due(chair)) == 1
    assert due(other_partner) == []
    assert due(partner, CLOSED) == []
    said(member, "Sleep")
    assert due(partner) == []


def test_whoever_is_shown_that_it_is_due_can_open_its_page(
    analysis, member, partner, chair, office, learning_group, training_coordinator, other_partner, client_of
):
    NeedsInvitationFactory(analysis=analysis, organisation=None, group=learning_group, kind=Kind.GROUP)
    shown = {}
    for user in (partner, chair, office, training_coordinator, other_partner):
        due = [each for each in deadlines(on=TODAY, standing=user.standing) if each.key.startswith("needs:")]
        pages = [client_of(user).get(each.url_for(user.standing)).status_code for each in due]
        shown[user.name] = pages
    assert shown == {
        "Greta Holloway": [200],
        "Tomasz Brindle": [200],
        "Nadia Fenwick": [200, 200],
        "Fatima Roscoe": [],
        "Owen Tarrant": [],
    }


# Wishes into needs


def test_the_same_words_stand_together_and_what_most_say_comes_first(analysis, member, people, hospital):
    other = NeedsInvitationFactory(analysis=analysis, organisation=hospital)
    said(member, "Neglect")
    said(member, "Safer sleep")
    said(other, "sleep, SAFER")
    said(other, "Training on the safer sleeps")
    found = needs_asking.unplaced(analysis, on=TODAY)
    assert [(len(each.wishes), each.asked) for each in found] == [(3, "2 organisations"), (1, "1 organisation")]


def test_a_need_says_how_many_asked_and_never_who(
    analysis, member, people, hospital, learning_group, office, partner, client_of
):
    group = NeedsInvitationFactory(analysis=analysis, organisation=None, group=learning_group, kind=Kind.GROUP)
    other = NeedsInvitationFactory(analysis=analysis, organisation=hospital)
    made = [*said(member, "Sleep"), *said(other, "Sleep", urgency=4), *said(group, "Sleep"), *said(people, "Sleep", 5)]
    with time_machine.travel("2027-02-01T09:00:00Z"):
        body = {"wishes": [",".join(str(wish.pk) for wish in made)], "topic": "Safer sleep", "do": "make"}
        assert client_of(office).post(url("wishes", analysis.pk), body).status_code == 302
        need = analysis.needs.get()
        assert (need.topic, need.urgency, need.source) == ("Safer sleep", 4, "member")
        words = "2 organisations, 1 group and practitioners of 1 agency"
        assert words in client_of(office).get(need.get_absolute_url()).text
        needs.decide(need, decision="unmet", courses=[], reasons="No trainer.")
        needs.settle(analysis, on=CLOSED)
        page = client_of(partner).get(need.get_absolute_url())
    assert words in page.text
    assert "St Brannoc" not in page.text
    assert "What was said" not in page.text


def test_wishes_go_under_a_need_that_is_there_and_come_out_again(analysis, member, office, client_of):
    need = need_of(analysis, "Sleep", 1)
    (wish,) = said(member, "Sleeping")
    client, to = client_of(office), url("wishes", analysis.pk)
    assert client.post(to, {"wishes": [wish.pk], "do": "place"}).status_code == 422
    assert client.post(to, {"do": "place", "need": need.pk}).status_code == 422
    assert client.post(to, {"wishes": [wish.pk], "do": "place", "need": need.pk}).status_code == 302
    wish.refresh_from_db()
    assert wish.need == need
    client.post(url("unplace", analysis.pk, wish.pk))
    wish.refresh_from_db()
    assert wish.need is None


def test_wishes_of_another_analysis_are_not_put_under_a_need(analysis, far_partnership):
    elsewhere = NeedsInvitationFactory(analysis=NeedsAnalysisFactory(partnership=far_partnership))
    (wish,) = said(elsewhere, "Sleep")
    need = need_of(analysis, "Sleep", 1)
    assert needs_asking.place_wishes(analysis, [wish.pk], need=need, on=TODAY) == 0


# Taking it away


def test_it_is_taken_away_as_tagged_pdf_word_and_excel(quiet, course, office, client_of):
    need_of(quiet, "=Sleep & rest", 1, decision="met", courses=[course], why="Two lines.\nOf words.")
    need_of(quiet, "Neglect", 2, decision="unmet", reasons="No trainer.")
    client = client_of(office)
    with pikepdf.open(BytesIO(client.get(url("pdf", quiet.pk)).content)) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)
        assert str(pdf.Root.Lang) == "en-GB"
        assert pdf.pages[0].mediabox[3] > pdf.pages[0].mediabox[2]
    assert client.get(url("word", quiet.pk)).content[:2] == b"PK"
    sheet = load_workbook(BytesIO(client.get(url("excel", quiet.pk)).content)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[1] for row in rows] == ["Need", "=Sleep & rest", "Neglect"]
    assert sheet["B2"].data_type == "s"
    assert rows[2][12] == "No trainer."


# As many questions however much there is


@pytest.mark.parametrize("count", [1, 3, 10])
def test_the_pages_ask_as_often_however_much_there_is(analysis, partnership, office, client_of, count):
    for number in range(count):
        course = CourseFactory(title=f"Course {number}", partnerships=[partnership])
        EventFactory(course=course, starts_at=f"2027-05-{number + 1:02d}T09:30:00Z")
        need_of(analysis, f"Need {number}", number + 1, decision="met", courses=[course])
        group = GroupFactory(name=f"Group {number}", partnerships=[partnership], kind=Group.Kind.OTHER)
        invitation = NeedsInvitationFactory(analysis=analysis, organisation=None, group=group, kind=Kind.GROUP)
        said(invitation, f"Wish {number}")
    client = client_of(office)
    counts = {}
    for name in ("list", "detail", "rank", "invitations", "wishes", "settle", "excel"):
        page = url(name, *([] if name == "list" else [analysis.pk]))
        client.get(page)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page).status_code == 200
        counts[name] = len(asked)
    need = analysis.needs.first()
    with CaptureQueriesContext(connection) as asked:
        client.get(need.get_absolute_url())
    counts["need"] = len(asked)
    assert counts == QUERIES


QUERIES = {"list": 8, "detail": 12, "rank": 8, "invitations": 13, "wishes": 11, "settle": 10, "excel": 10, "need": 18}


def test_no_needs_are_of_no_year_that_begins_twice(partnership):
    NeedsAnalysisFactory(partnership=partnership)
    with pytest.raises(IntegrityError), transaction.atomic():
        NeedsAnalysisFactory(partnership=partnership)
    assert NeedsAnalysis.objects.count() == 1


def test_an_office_of_two_partnerships_says_for_which(office, partnership, other_partnership, client_of):
    client, to = client_of(office), url("begin")
    day = {"starts_on_day": 1, "starts_on_month": 4, "starts_on_year": 2027}
    refused = client.post(to, {"title": "Needs 2027-28", **day})
    assert refused.status_code == 422
    assert "Choose the partnership that it is for" in refused.text
    assert not NeedsAnalysis.objects.exists()
    assert client.get(to).status_code == 200
    chosen = client.post(to, {"title": "Needs 2027-28", "partnership": partnership.pk, **day})
    assert chosen.status_code == 302
    assert NeedsAnalysis.objects.get().ends_on == date(2028, 3, 31)
