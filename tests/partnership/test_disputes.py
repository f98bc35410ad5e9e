"""Disputes: stage by stage among those involved, and not a word to anybody else."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from partnership.deadlines import deadlines, deadlines_for
from partnership.disputes import answer_stage, begin_stage, new_ref, save_steps
from partnership.models import Dispute, DisputeStage, Post, PostHolding
from partnership.refusals import NotNow
from partnership.reminders.loop import send_reminders
from partnership.reminders.preview import who_will_be_told
from tests.conftest import TODAY, hold
from tests.factories import DisputeFactory, DisputeStageFactory, DisputeStepFactory, OrganisationFactory, PostFactory
from tests.partnership.test_people import at_once, day, errors_of

LIST, ADD = reverse("partnership:dispute-list"), reverse("partnership:dispute-add")
TOMORROW = date(2027, 1, 13)


def url(name, record):
    return reverse(f"partnership:{name}", args=[record.pk])


def said(answer):
    """The last of what the page after a redirect will say."""
    return [str(message) for message in answer.wsgi_request._messages][-1]


def post_of(person):
    return person.holdings.get().post


@pytest.fixture
def colleague(partnership):
    """Of the same office, and not involved."""
    return hold("Jonah Pettifer", "Deputy manager", duty=Post.Duty.OFFICE, partnerships=[partnership])


@pytest.fixture
def steps(partnership):
    return [
        DisputeStepFactory(partnership=partnership, position=position, name=name, who="Both", working_days=days)
        for position, (name, days) in enumerate([("Managers talk", 2), ("Heads meet", 5)], start=1)
    ]


@pytest.fixture
def stage(dispute):
    """Begun on 4 January, due on the 6th from ``lead``'s post: six days late on ``TODAY``."""
    return dispute.stages.get()


# Raising


def raised(where, by, others, raised_on=TODAY, **changed):
    words = {"partnership": where.pk, "title": "Who pays for the taxi", "about": "One says this."}
    return {
        **words,
        "raised_by": by.pk,
        "raised_with": [each.pk for each in others],
        **day("raised_on", raised_on),
        **changed,
    }


def test_a_new_dispute_is_seen_by_the_office_post_that_raised_it(
    client_of, office, colleague, partnership, charity, health_board
):
    answer = client_of(office).post(ADD, raised(partnership, charity, [health_board]))
    dispute = Dispute.objects.get()
    assert answer.url == url("dispute-people", dispute)
    assert (list(dispute.people.all()), list(dispute.raised_with.all()), dispute.raised_by) == (
        [post_of(office)],
        [health_board],
        charity,
    )
    assert client_of(colleague).get(dispute.get_absolute_url()).status_code == 404


def test_a_reference_is_no_running_number(partnership):
    refs = {new_ref(partnership) for _ in range(50)}
    assert len(refs) == 50
    assert {(len(ref), ref[:3]) for ref in refs} == {(8, "AV-")}


def test_wrong_answers_say_what_to_do_and_nothing_is_kept(
    client_of, office, partnership, charity, health_board, hospital, far_partnership
):
    abroad = OrganisationFactory(name="Farholme Council")
    client = client_of(office)

    def errors(**given):
        words = {"by": charity, "others": [health_board], **given}
        page = client.post(ADD, raised(partnership, words.pop("by"), words.pop("others"), **words))
        assert page.status_code == 422
        assert "Who pays for the taxi" in page.content.decode()
        return errors_of(page)

    assert [
        errors(others=[charity, health_board]),
        errors(raised_on=TOMORROW),
        errors(by=abroad),
        errors(others=[]),
        errors(partnership=far_partnership.pk),
        errors(about="  "),
    ] == [
        {"raised_with": ["Tick the others: Lantern Family Trust can’t raise it with itself"]},
        {"raised_on": ["Enter today or an earlier day"]},
        {"raised_by": ["Choose an answer from the list"]},
        {"raised_with": ["Tick at least one organisation with which it was raised"]},
        {"partnership": ["Choose an answer from the list"]},
        {"about": ["Enter what each side says"]},
    ]
    assert Dispute.objects.count() == 0


def test_a_member_of_the_other_partnership_is_no_party_here(client_of, office, other_partnership, charity, hospital):
    page = client_of(office).post(ADD, raised(other_partnership, charity, [hospital]))
    assert errors_of(page) == {"raised_by": ["Choose a member of this partnership: Lantern Family Trust is not one"]}


def test_what_it_is_about_can_be_changed_until_it_is_settled(client_of, office, dispute, charity, hospital):
    client = client_of(office)
    words = raised(dispute.partnership, charity, [hospital], date(2027, 1, 5))
    client.post(url("dispute-change", dispute), words)
    dispute.refresh_from_db()
    assert (dispute.title, dispute.raised_on, list(dispute.raised_with.all())) == (
        "Who pays for the taxi",
        date(2027, 1, 5),
        [hospital],
    )
    Dispute.objects.update(settled_on=TODAY, outcome="Agreed")
    answer = client.post(url("dispute-change", dispute), {**words, "title": "Other words"})
    dispute.refresh_from_db()
    assert (said(answer), dispute.title) == (
        "This dispute is settled, so what was said stands",
        "Who pays for the taxi",
    )


# Who is involved


def involve(client, dispute, *people):
    return client.post(
        url("dispute-people", dispute), {"near": [post_of(person).pk for person in people], "csrfmiddlewaretoken": ""}
    )


def test_ticking_a_post_gives_sight_and_unticking_takes_it(client_of, office, lead, partner, advisor, dispute):
    client, address = client_of(office), dispute.get_absolute_url()
    found = [client_of(advisor).get(address).status_code]
    involve(client, dispute, office, lead, advisor)
    found += [client_of(advisor).get(address).status_code, client_of(partner).get(address).status_code]
    assert found == [404, 200, 404]


def test_somebody_far_from_it_may_be_asked_in(client_of, office, lead, chair, dispute):
    near, far = [post_of(person).pk for person in (office, lead)], [post_of(chair).pk]
    client_of(office).post(url("dispute-people", dispute), {"near": near, "far": far})
    assert client_of(chair).get(dispute.get_absolute_url()).status_code == 200


def test_sight_goes_with_the_post_and_not_with_the_person(client_of, lead, dispute, stage):
    theirs = client_of(lead)
    PostHolding.objects.filter(user=lead).update(to_on=date(2027, 1, 11))
    follower = hold("Orla Keane", "Somebody")
    PostHolding.objects.create(post=stage.owed_by, user=follower, from_on=TODAY)
    pages = [client.get(dispute.get_absolute_url()).status_code for client in (theirs, client_of(follower))]
    assert pages == [404, 200]


def test_it_is_never_left_without_the_office(client_of, office, leaver, lead, partner, dispute):
    client = client_of(office)
    dispute.people.add(leaver.holdings.get().post)
    before = set(dispute.people.all())
    pages = [involve(client, dispute, lead, partner), involve(client, dispute), involve(client, dispute, lead, leaver)]
    words = "Keep a post of the business office that somebody holds, or nobody could go on with it"
    assert [(page.status_code, errors_of(page)) for page in pages] == [(422, {"near": [words]})] * 3
    assert set(dispute.people.all()) == before


def test_whoever_owes_an_answer_stays(client_of, office, lead, partner, dispute):
    page = involve(client_of(office), dispute, office, partner)
    assert errors_of(page) == {"near": [f"{post_of(lead)} owes an answer, so keep this post until it has come."]}


def test_whoever_leaves_themselves_out_is_shown_their_list(client_of, office, colleague, lead, dispute):
    answer = involve(client_of(office), dispute, colleague, lead)
    assert answer.url == LIST
    assert client_of(office).get(dispute.get_absolute_url()).status_code == 404
    assert client_of(colleague).get(dispute.get_absolute_url()).status_code == 200


def test_a_post_of_another_partnership_is_not_offered(client_of, office, stranger, dispute):
    page = client_of(office).post(
        url("dispute-people", dispute), {"near": [post_of(office).pk], "far": [post_of(stranger).pk]}
    )
    assert (page.status_code, errors_of(page)) == (
        422,
        {"far": ["Choose an answer from the list"]},
    )


# Stages


def begun(owed_by, begun_on=TODAY, due_on=None, reason=""):
    answer = day("answer_due_on", due_on)
    return {**day("begun_on", begun_on), "owed_by": post_of(owed_by).pk, **answer, "due_reason": reason}


def test_the_next_stage_is_due_in_the_partnerships_working_days(client_of, office, partner, dispute, steps):
    answer = client_of(office).post(url("stage-begin", dispute), begun(partner))
    assert answer.url == dispute.get_absolute_url()
    assert [
        (each.position, each.name, each.begun_on, each.answer_due_on, each.answer, each.answered_on)
        for each in dispute.stages.all()
    ] == [
        (1, "Managers talk", date(2027, 1, 4), date(2027, 1, 6), "No answer came by 6 January 2027.", TODAY),
        (2, "Heads meet", TODAY, date(2027, 1, 19), "", None),
    ]


def test_another_day_needs_a_reason(client_of, office, partner, dispute, steps):
    client, address = client_of(office), url("stage-begin", dispute)
    page = client.post(address, begun(partner, due_on=date(2027, 1, 29)))
    assert (page.status_code, errors_of(page)) == (
        422,
        {"due_reason": ["Enter why the answer is due on another day than the partnership’s own"]},
    )
    client.post(address, begun(partner, due_on=date(2027, 1, 29), reason="She is away"))
    last = dispute.stages.last()
    assert (last.answer_due_on, last.due_reason) == (date(2027, 1, 29), "She is away")


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"begun_on": TOMORROW}, {"begun_on": ["Enter today or an earlier day"]}),
        (
            {"begun_on": date(2027, 1, 5)},
            {"begun_on": ["Enter 6 January 2027 or a later day: what came before ended then"]},
        ),
        (
            {"due_on": date(2027, 1, 11), "reason": "Quickly"},
            {"answer_due_on": ["Enter a day after the stage has begun"]},
        ),
        (
            {"due_on": date(2037, 1, 11), "reason": "Slowly"},
            {"answer_due_on": ["Enter a day within the next two years"]},
        ),
        ({"reason": "She is away"}, {"answer_due_on": ["Enter the other day, or take the reason out"]}),
    ],
)
def test_a_stage_begins_on_a_day_that_can_be(client_of, office, partner, dispute, steps, given, errors):
    page = client_of(office).post(url("stage-begin", dispute), begun(partner, **given))
    assert (page.status_code, errors_of(page), dispute.stages.count()) == (422, errors, 1)


def test_only_somebody_involved_owes_an_answer(client_of, office, other_partner, dispute, steps):
    page = client_of(office).post(url("stage-begin", dispute), begun(other_partner))
    assert errors_of(page) == {"owed_by": ["Choose an answer from the list"]}


def test_the_next_stage_waits_while_there_is_time_to_answer(client_of, office, partner, dispute, stage, steps):
    DisputeStage.objects.update(answer_due_on=TODAY)
    answer = client_of(office).post(url("stage-begin", dispute), begun(partner))
    assert said(answer) == "“Managers talk” has time to be answered until 12 January 2027."
    assert dispute.stages.count() == 1


def test_after_the_last_stage_there_is_none(client_of, office, partner, dispute, steps):
    client = client_of(office)
    client.post(url("stage-begin", dispute), begun(partner))
    dispute.stages.filter(position=2).update(answered_on=TODAY, answer="No")
    answer = client.post(url("stage-begin", dispute), begun(partner))
    assert said(answer) == "There is no further stage in this partnership’s way of settling disputes."


def test_a_partnership_without_its_own_way_says_it_first(client_of, office, dispute):
    assert client_of(office).get(url("stage-begin", dispute)).url == url("dispute-steps", dispute.partnership)


@pytest.mark.django_db(transaction=True)
def test_begun_by_two_at_once_it_begins_once(dispute, steps, lead):
    def begin():
        return begin_stage(dispute, step=steps[1], begun_on=TODAY, owed_by=post_of(lead), on=TODAY)

    came_to = at_once(begin, begin)
    assert sorted(type(each).__name__ for each in came_to) == ["DisputeStage", "NotNow"]
    assert dispute.stages.count() == 2


def test_the_database_refuses_an_answer_before_its_question(stage):
    for wrong in ({"answered_on": date(2027, 1, 3), "answer": "Yes"}, {"answer_due_on": date(2027, 1, 3)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DisputeStage.objects.filter(pk=stage.pk).update(**wrong)


# Answers


def answered(answered_on=TODAY, **more):
    return {"answer": "We will pay half.", **day("answered_on", answered_on), **more}


@pytest.mark.parametrize("role", ["lead", "office"])
def test_whoever_owes_the_answer_or_the_office_writes_it(request, client_of, stage, role):
    client = client_of(request.getfixturevalue(role))
    answer = client.post(url("stage-answer", stage), answered(date(2027, 1, 11)))
    stage.refresh_from_db()
    assert answer.url == stage.dispute.get_absolute_url()
    assert (stage.answer, stage.answered_on, stage.dispute.settled_on) == ("We will pay half.", date(2027, 1, 11), None)


def test_another_party_does_not_answer_for_them(client_of, partner, colleague, stage):
    pages = [client_of(each).post(url("stage-answer", stage), answered()).status_code for each in (partner, colleague)]
    stage.refresh_from_db()
    assert (pages, stage.answer) == ([403, 404], "")


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        (answered(TOMORROW), {"answered_on": ["Enter today or an earlier day"]}),
        (
            answered(date(2027, 1, 3)),
            {"answered_on": ["Enter 4 January 2027 or a later day: the stage had not begun before"]},
        ),
        (answered() | {"answer": " "}, {"answer": ["Enter what the answer is"]}),
    ],
)
def test_wrong_answers_are_sent_back(client_of, lead, stage, given, errors):
    page = client_of(lead).post(url("stage-answer", stage), given)
    stage.refresh_from_db()
    assert (page.status_code, errors_of(page), stage.answered_on) == (422, errors, None)


def test_an_answer_is_given_once(client_of, lead, stage):
    client = client_of(lead)
    client.post(url("stage-answer", stage), answered())
    answer = client.post(url("stage-answer", stage), answered() | {"answer": "Other words"})
    stage.refresh_from_db()
    assert (said(answer), stage.answer) == ("This stage is answered already", "We will pay half.")
    with pytest.raises(NotNow):
        answer_stage(stage, answer="Other words", answered_on=TODAY, settles=False)


def test_the_office_may_say_that_it_is_settled_at_this_stage(client_of, office, stage):
    answer = client_of(office).post(url("stage-answer", stage), answered(settles="on"))
    dispute = Dispute.objects.get()
    assert answer.url == url("dispute-settle", dispute)
    assert (dispute.outcome, dispute.settled_on) == ("We will pay half.", TODAY)


def test_one_side_alone_does_not_settle_it(client_of, lead, stage):
    client_of(lead).post(url("stage-answer", stage), answered(settles="on"))
    assert Dispute.objects.get().settled_on is None


# Advice, response, end


def advised(advice_on=TODAY):
    return {"advice": "Count together first.", "advice_by": "Marguerite Lowell", **day("advice_on", advice_on)}


def responded(on=TODAY):
    return {"advice_answer": "We will.", **day("advice_answered_on", on)}


def test_advice_and_response_stand_side_by_side_for_everyone_involved(client_of, office, advisor, partner, dispute):
    dispute.people.add(post_of(advisor))
    client_of(advisor).post(url("dispute-advice", dispute), advised(date(2027, 1, 11)))
    client_of(office).post(url("dispute-advice-answer", dispute), responded())
    dispute.refresh_from_db()
    assert (dispute.advice, dispute.advice_on, dispute.advice_answer, dispute.advice_answered_on) == (
        "Count together first.",
        date(2027, 1, 11),
        "We will.",
        TODAY,
    )
    page = client_of(partner).get(dispute.get_absolute_url()).content.decode()
    assert ("Count together first." in page, "We will." in page) == (True, True)


def test_an_advisor_who_is_involved_finds_their_name_filled_in(client_of, advisor, dispute):
    dispute.people.add(post_of(advisor))
    page = client_of(advisor).get(url("dispute-advice", dispute))
    assert page.context["form"]["advice_by"].value() == "Marguerite Lowell, Independent advisor"


def test_a_side_does_not_write_the_independent_advice(client_of, partner, lead, dispute):
    pages = [client_of(each).post(url("dispute-advice", dispute), advised()).status_code for each in (partner, lead)]
    dispute.refresh_from_db()
    assert (pages, dispute.advice) == ([403, 403], "")


def test_a_response_needs_the_advice_and_comes_after_it(client_of, office, dispute):
    client = client_of(office)
    assert said(client.post(url("dispute-advice-answer", dispute), responded())) == "Keep the advice first"
    client.post(url("dispute-advice", dispute), advised(date(2027, 1, 11)))
    page = client.post(url("dispute-advice-answer", dispute), responded(date(2027, 1, 10)))
    assert errors_of(page) == {
        "advice_answered_on": ["Enter 11 January 2027 or a later day: the advice had not been given before"]
    }
    dispute.refresh_from_db()
    assert dispute.advice_answer == ""


def test_advice_that_was_answered_stands(client_of, office, dispute):
    client = client_of(office)
    client.post(url("dispute-advice", dispute), advised())
    client.post(url("dispute-advice-answer", dispute), responded())
    client.post(url("dispute-advice", dispute), advised() | {"advice": "Other words"})
    dispute.refresh_from_db()
    assert dispute.advice == "Count together first."


def settled(on=TODAY, **changed):
    return {"outcome": "Half each.", "learned": "", **day("settled_on", on), **changed}


def test_settling_says_how_and_the_lesson_may_follow(client_of, office, dispute):
    client = client_of(office)
    client.post(url("dispute-settle", dispute), settled())
    client.post(url("dispute-settle", dispute), settled(outcome="Other words", learned="Count together first."))
    dispute.refresh_from_db()
    assert (dispute.outcome, dispute.settled_on, dispute.learned) == ("Half each.", TODAY, "Count together first.")


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        (settled(TOMORROW), {"settled_on": ["Enter today or an earlier day"]}),
        (
            settled(date(2027, 1, 3)),
            {"settled_on": ["Enter 4 January 2027 or a later day: a stage had not begun before"]},
        ),
        (settled(outcome=""), {"outcome": ["Answer “How was it settled?”"]}),
    ],
)
def test_it_is_settled_on_a_day_that_can_be(client_of, office, dispute, given, errors):
    page = client_of(office).post(url("dispute-settle", dispute), given)
    dispute.refresh_from_db()
    assert (page.status_code, errors_of(page), dispute.settled_on) == (422, errors, None)


# Not a word to anybody else


@pytest.mark.parametrize(
    "role", ["colleague", "advisor", "administrator", "chair", "other_partner", "stranger", "leaver"]
)
def test_for_everybody_else_there_is_none(request, client_of, dispute, stage, role):
    client = client_of(request.getfixturevalue(role))
    names = ["detail", "change", "people", "advice", "advice-answer", "settle"]
    addresses = [url(f"dispute-{name}", dispute) for name in names]
    addresses += [
        url("stage-begin", dispute),
        url("stage-answer", stage),
        reverse("partnership:record-history", args=["partnership.dispute", dispute.pk]),
    ]
    assert {client.get(address).status_code for address in addresses} == {404}
    assert client.get(LIST, {"words": "placement", "state": "open"}).context["row_count"] == 0
    assert "placement" not in client.get(LIST, {"export": "csv"}).content.decode()


def test_an_empty_list_teaches_and_is_the_same_for_all(client_of, chair, other_partner, dispute):
    def bare(page):
        return page.content.decode().partition("<main")[2]

    first, second = [client_of(person).get(LIST) for person in (chair, other_partner)]
    assert "You are not involved in any dispute" in bare(first)
    assert bare(first) == bare(second)


def test_the_answer_is_due_from_whoever_owes_it_alone(
    request, lead, office, partner, colleague, advisor, executive_chair, dispute
):
    assert [(each.key, each.due_on, each.url) for each in deadlines_for(lead, on=TODAY)] == [
        (f"dispute-stage:{dispute.stages.get().pk}", date(2027, 1, 6), dispute.get_absolute_url())
    ]
    others = [office, partner, colleague, advisor, executive_chair]
    assert [deadlines_for(person, on=TODAY) for person in others] == [[]] * len(others)
    assert [deadlines(on=TODAY, standing=person.standing) for person in [lead, *others]] == [[]] * 6
    assert [deadlines(on=TODAY, partnership_ids={dispute.partnership_id})] == [[]]


def test_it_stands_in_my_work_until_it_is_answered_or_settled(client_of, lead, dispute, stage):
    page = reverse("assurance:my-work")
    assert dispute.get_absolute_url() in client_of(lead).get(page).content.decode()
    Dispute.objects.update(settled_on=TODAY, outcome="Agreed")
    assert dispute.get_absolute_url() not in client_of(lead).get(page).content.decode()


def test_the_reminder_gives_nothing_away(mail_server, lead, office, dispute):
    send_reminders(on=TODAY, now=timezone.now())
    [message] = mail_server.delivered
    assert message.to == [lead.email]
    text = f"{message.subject} {message.body}"
    assert message.subject == "Something is due from you"
    assert [
        word for word in (dispute.title, dispute.ref, "Managers talk", str(dispute.pk), "ispute") if word in text
    ] == []


def test_the_office_is_not_shown_who_is_reminded_of_it(client_of, office, colleague, lead, mail_server, dispute):
    assert [who_will_be_told(person, on=TODAY).people for person in (office, colleague)] == [(), ()]
    send_reminders(on=TODAY, now=timezone.now())
    assert len(mail_server.delivered) == 1
    page = client_of(office).get(reverse("partnership:reminder-list")).content.decode()
    assert lead.name not in page


# The partnership's own way


def lines(*steps, initial=0):
    given = {"step-TOTAL_FORMS": len(steps), "step-INITIAL_FORMS": initial}
    for number, (name, who, days) in enumerate(steps):
        given |= {f"step-{number}-name": name, f"step-{number}-who": who, f"step-{number}-working_days": days}
    return given


def kept(partnership):
    return list(partnership.dispute_steps.values_list("position", "name", "who", "working_days"))


def test_usual_steps_are_offered_until_the_partnership_has_its_own(client_of, office, partnership):
    page = client_of(office).get(url("dispute-steps", partnership))
    assert [form["working_days"].value() for form in page.context["formset"]] == [2, 3, 5, 10, None, None]
    assert kept(partnership) == []


def test_steps_are_kept_in_their_order_and_emptied_ones_left_out(client_of, office, partnership, steps):
    given = lines(("Talk", "Both", "1"), ("", "", ""), ("Heads meet", "The heads", "5"), initial=2)
    answer = client_of(office).post(url("dispute-steps", partnership), given)
    assert answer.url == url("dispute-steps", partnership)
    assert kept(partnership) == [(1, "Talk", "Both", 1), (2, "Heads meet", "The heads", 5)]


@pytest.mark.parametrize(
    ("line", "errors"),
    [
        (("Talk", "", "1"), {"who": ["Enter who talks to whom at this stage"]}),
        (("Talk", "Both", ""), {"working_days": ["Enter how many working days there are to answer"]}),
        (("Talk", "Both", "0"), {"working_days": ["Enter 1 working day or more"]}),
        (("Talk", "Both", "ten"), {"working_days": ["Enter a whole number, in figures"]}),
        (("", "Both", "1"), {"name": ["Enter what this stage is called, or empty the whole line to leave it out"]}),
    ],
)
def test_a_wrong_line_says_what_to_do(client_of, office, partnership, steps, line, errors):
    before = kept(partnership)
    page = client_of(office).post(url("dispute-steps", partnership), lines(line))
    assert (page.status_code, [dict(each) for each in page.context["formset"].errors]) == (422, [errors])
    assert kept(partnership) == before


def test_at_least_one_step_is_named(client_of, office, partnership, steps):
    page = client_of(office).post(url("dispute-steps", partnership), lines(("", "", "")))
    assert page.context["formset"].non_form_errors() == [
        "Name at least one stage, so that everyone knows how a dispute is settled"
    ]


def test_stages_that_have_begun_stay_as_they_were(partnership, dispute, stage):
    save_steps(partnership, steps=[("Something else", "Others", 9)])
    stage.refresh_from_db()
    assert (stage.name, stage.answer_due_on) == ("Managers talk", date(2027, 1, 6))


@pytest.mark.parametrize("role", ["chair", "advisor", "stranger"])
def test_only_its_office_writes_them(request, client_of, partnership, role):
    answer = client_of(request.getfixturevalue(role)).post(url("dispute-steps", partnership), lines(("A", "B", "1")))
    assert (answer.status_code, kept(partnership)) == (403, [])


# Queries


@pytest.mark.parametrize("count", [1, 3])
def test_query_counts(client_of, office, partnership, health_board, dispute, steps, django_assert_num_queries, count):
    for number in range(count - 1):
        DisputeStageFactory(dispute=dispute, position=number + 2, owed_by=PostFactory(organisation=health_board))
        dispute.people.add(PostFactory(organisation=health_board))
        dispute.raised_with.add(OrganisationFactory())
        DisputeStepFactory(partnership=partnership, position=number + 5)
        another = DisputeFactory(partnership=partnership, people=[post_of(office)], raised_with=[health_board])
        DisputeStageFactory(dispute=another)
    client = client_of(office)
    with django_assert_num_queries(8):
        client.get(LIST)
    with django_assert_num_queries(20):
        client.get(dispute.get_absolute_url())
    with django_assert_num_queries(12):
        client.get(url("dispute-people", dispute))
