"""The register of voices: told by whoever listened, answered, told to the public; offers of reports; and gaps."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse
from openpyxl import load_workbook

from assurance.annual.pieces import did_in_words, heard_from
from assurance.models import VoiceEntry, VoiceSetAside
from assurance.models.voice import CHANGED, DONE, HEARD, NOT_DONE
from assurance.voice_offers import find_offer, offers_for, take_over
from assurance.voices import tell_voice
from partnership.deadlines import deadlines_for
from plans.highlights import begin_report, submit_report
from tests.factories import PlanFactory, PriorityFactory, UpdateFactory, VoiceEntryFactory
from tests.factories_assurance import ReturnCopyFactory
from tests.factories_judged import AuditFactory, AuditFindingFactory
from tests.plans.test_plan_page import count_queries

pytestmark = pytest.mark.django_db

TODAY = date(2027, 1, 12)
NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
LIST, ADD, OFFERS, GAPS = (reverse(f"assurance:voice-{name}") for name in ("list", "add", "offers", "gaps"))


def address(name, entry):
    return reverse(f"assurance:voice-{name}", args=[entry.pk])


def public_address(partnership):
    return reverse("assurance:public-voices", args=[partnership.slug])


def text_of(response):
    return response.content.decode()


def on_day(name, day):
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def answers(partnership, **more):
    heard = {
        "said": "Nobody rang back.",
        "people": "families",
        "who": "Parents from two towns",
        "people_count": "9",
        "how": "session",
        "organisation": "",
        "group": "",
        "partnerships": [partnership and partnership.pk],
    }
    return heard | on_day("heard_on", date(2026, 12, 1)) | more


@pytest.fixture
def entry(partnership, charity):
    return VoiceEntryFactory(partnerships=[partnership], organisation=charity, who="Parents from two towns")


@pytest.fixture
def answered(partnership, charity):
    return VoiceEntryFactory(
        partnerships=[partnership],
        organisation=charity,
        said="Nobody rang back.",
        did="A person rings within a day.",
        did_on=date(2026, 12, 1),
    )


# Told by whoever listened


def test_a_partner_tells_who_was_heard_for_their_own_organisation(client_of, partner, partnership, charity, plan):
    priority = plan.priorities.first()
    body = answers(partnership, organisation=charity.pk, priorities=[priority.pk])
    response = client_of(partner).post(ADD, body)
    entry = VoiceEntry.objects.get()
    assert response.url == entry.get_absolute_url()
    assert (entry.said, entry.who, entry.people, entry.how, entry.people_count, entry.heard_on) == (
        "Nobody rang back.",
        "Parents from two towns",
        "families",
        "session",
        9,
        date(2026, 12, 1),
    )
    assert (entry.organisation, entry.partnership_ids, list(entry.priorities.all()), entry.is_public) == (
        charity,
        {partnership.pk},
        [priority],
        False,
    )


def test_a_chair_tells_for_the_group_and_the_office_for_anybody(
    client_of, chair, office, partnership, learning_group, hospital
):
    assert client_of(chair).post(ADD, answers(partnership, group=learning_group.pk)).status_code == 302
    assert client_of(office).post(ADD, answers(partnership, who="Others", organisation=hospital.pk)).status_code == 302
    assert client_of(office).post(ADD, answers(partnership, who="Nobody’s")).status_code == 302
    assert VoiceEntry.objects.count() == 3


def test_nobody_tells_for_another_organisation_group_or_partnership(
    client_of,
    partner,
    chair,
    partnership,
    other_partnership,
    far_partnership,
    charity,
    hospital,
    case_group,
    scrutiny_group,
):
    wrong = [
        (partner, {"organisation": hospital.pk}, {"organisation"}),
        (partner, {}, {"organisation"}),
        (partner, {"organisation": charity.pk, "partnerships": [far_partnership.pk]}, {"partnerships"}),
        (chair, {"group": scrutiny_group.pk}, {"group"}),
        (chair, {"group": case_group.pk}, {"group"}),
    ]
    for person, more, fields in wrong:
        response = client_of(person).post(ADD, answers(partnership, **more))
        assert (response.status_code, fields <= set(response.context["form"].errors)) == (422, True), more
    assert not VoiceEntry.objects.exists()


def test_an_organisation_tells_only_where_it_is_a_member(client_of, partner, other_partnership, charity):
    response = client_of(partner).post(ADD, answers(other_partnership, organisation=charity.pk))
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["partnerships"])


def test_who_listens_nowhere_and_who_only_reads_tells_nothing(client_of, advisor, training_coordinator, partnership):
    for person in (advisor, training_coordinator):
        client = client_of(person)
        assert (client.get(ADD).status_code, client.post(ADD, answers(partnership)).status_code) == (403, 403)
        assert ADD not in text_of(client.get(LIST))


@pytest.mark.parametrize(
    ("more", "field", "words"),
    [
        ({"said": " "}, "said", "Enter what they said"),
        ({"who": ""}, "who", "Enter which group of people they were, like “Fathers from two estates”"),
        ({"people": "cats"}, "people", "Choose an answer from the list"),
        ({"people_count": "0"}, "people_count", "Enter 1 or more, or leave it empty if nobody counted"),
        ({"people_count": "a few"}, "people_count", "Enter a whole number, in figures"),
        (on_day("heard_on", date(2027, 1, 13)), "heard_on", "Enter today or a day before"),
        (on_day("heard_on", date(1027, 1, 13)), "heard_on", "Enter the year in which they were heard, like 2027"),
        ({"partnerships": []}, "partnerships", "Choose the partnership it is for"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(client_of, office, partnership, more, field, words):
    response = client_of(office).post(ADD, answers(partnership, **more))
    assert (response.status_code, response.context["form"].errors[field]) == (422, [words])
    assert not VoiceEntry.objects.exists()


def test_nobody_counted_is_an_answer(client_of, office, partnership):
    client_of(office).post(ADD, answers(partnership, people_count=""))
    entry = VoiceEntry.objects.get()
    assert entry.people_count == 0
    assert "Nobody counted how many" in text_of(client_of(office).get(entry.get_absolute_url()))


def test_what_may_say_who_somebody_is_is_asked_about_first(client_of, office, partnership):
    client = client_of(office)
    body = answers(partnership, said="Mrs Okafor of Elm Road Primary School never rang back.", who="Parents")
    response = client.post(ADD, body)
    assert (response.status_code, VoiceEntry.objects.count()) == (422, 0)
    [error] = response.context["form"].errors["said"]
    assert error.startswith("Is “Mrs Okafor” somebody’s name?")
    form = response.context["form"]
    body |= {"nobody": "on", "nobody_of": form.data["nobody_of"]}
    assert client.post(ADD, body).status_code == 302


def test_two_presses_add_one(client_of, office, partnership):
    client = client_of(office)
    client.post(ADD, answers(partnership))
    assert "in the register already" in text_of(client.post(ADD, answers(partnership), follow=True))
    assert VoiceEntry.objects.count() == 1


def test_a_priority_of_a_draft_is_neither_offered_nor_named(client_of, office, lead, partnership, draft_plan, entry):
    secret = PriorityFactory(plan=draft_plan, title="Nobody knows yet")
    response = client_of(office).post(ADD, answers(partnership, priorities=[secret.pk]))
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["priorities"])
    entry.priorities.add(secret)
    for url in (LIST, f"{LIST}?export=csv", address("detail", entry)):
        assert secret.title not in text_of(client_of(lead).get(url)), url


def test_group_and_priority_are_of_the_partnership_it_is_for(
    client_of, office, other_partnership, partnership, case_group, rating_key
):
    plan = PlanFactory(partnerships=[other_partnership], rating_key=rating_key, status="published")
    far = PriorityFactory(plan=plan)
    response = client_of(office).post(ADD, answers(partnership, priorities=[far.pk]))
    assert response.context["form"].errors == {"priorities": ["Choose priorities of the partnership it is for"]}


# Answered


def test_the_one_who_listened_says_what_was_done_and_later_what_changed(client_of, partner, entry):
    client = client_of(partner)
    first = {"did": "We rang everybody.", "not_done_because": "", "changed": ""}
    assert client.post(address("did", entry), first | on_day("did_on", date(2026, 12, 2))).status_code == 302
    seen = client.get(address("did", entry)).context["form"]["seen"].value()
    second = {"did": "We ring everybody within a day.", "changed": "Eight of nine say so.", "seen": seen}
    assert client.post(address("did", entry), second | on_day("did_on", date(2026, 12, 2))).status_code == 302
    entry.refresh_from_db()
    assert (entry.did, entry.did_on, entry.changed, entry.changed_on, entry.stage) == (
        "We ring everybody within a day.",
        date(2026, 12, 2),
        "Eight of nine say so.",
        TODAY,
        CHANGED,
    )
    grown = client.get(entry.get_absolute_url()).context["grown"]
    assert [[(field.name, field.after) for field in step["fields"]] for step in grown] == [
        [("said", entry.said)],
        [("did", "We rang everybody.")],
        [("did", "We ring everybody within a day."), ("changed", "Eight of nine say so.")],
    ]


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"did": " "}, "did", "Enter what was done, or below why nothing was"),
        ({"changed": "All is well."}, "did", "Enter what was done before you say what changed because of it"),
        (
            {"did": "We rang.", "not_done_because": "We could not."},
            "not_done_because",
            "You say above what was done. Empty one of the two",
        ),
        ({"did": "We rang."} | on_day("did_on", date(2027, 1, 13)), "did_on", "Enter today or a day before"),
        (
            {"did": "We rang."} | on_day("did_on", date(2026, 11, 11)),
            "did_on",
            "Enter a day after they were heard, on 12 November 2026",
        ),
    ],
)
def test_an_answer_that_is_none_is_refused(client_of, office, entry, typed, field, words):
    response = client_of(office).post(address("did", entry), typed)
    assert (response.status_code, response.context["form"].errors) == (422, {field: [words]})
    entry.refresh_from_db()
    assert (entry.did, entry.not_done_because, entry.changed) == ("", "", "")


def test_why_nothing_was_done_is_an_answer(client_of, office, entry):
    assert client_of(office).post(address("did", entry), {"not_done_because": "We have no room."}).status_code == 302
    entry.refresh_from_db()
    assert (entry.stage, entry.did_on, entry.is_answered) == (NOT_DONE, TODAY, True)
    assert "Nothing was done, because" in text_of(client_of(office).get(entry.get_absolute_url()))


def test_two_who_answer_at_once_lose_nothing(client_of, office, entry):
    client = client_of(office)
    seen = client.get(address("did", entry)).context["form"]["seen"].value()
    VoiceEntry.objects.filter(pk=entry.pk).update(did="Somebody else rang.")
    response = client.post(address("did", entry), {"did": "We rang.", "seen": seen})
    assert (response.status_code, list(response.context["form"].errors)) == (409, ["did"])
    entry.refresh_from_db()
    assert entry.did == "Somebody else rang."


def test_who_did_not_listen_neither_answers_nor_changes(client_of, lead, other_partner, stranger, partner, entry):
    for person, status in ((lead, 403), (other_partner, 403), (stranger, 404)):
        for name in ("did", "change"):
            assert client_of(person).post(address(name, entry), {"did": "No."}).status_code == status
    entry.is_public = True
    entry.save()
    assert client_of(partner).get(address("change", entry)).status_code == 403
    assert client_of(partner).get(address("did", entry)).status_code == 200


def test_a_change_keeps_what_an_office_elsewhere_has_of_it(client_of, office, partnership, far_partnership, entry):
    entry.partnerships.add(far_partnership)
    assert client_of(office).post(address("change", entry), answers(partnership, said="Ring us.")).status_code == 302
    entry = VoiceEntry.objects.get()
    assert (entry.said, entry.partnership_ids) == ("Ring us.", {partnership.pk, far_partnership.pk})


@pytest.mark.parametrize(("days", "is_late"), [(91, False), (92, True)])
def test_what_waits_too_long_is_unanswered(entry, days, is_late):
    on = entry.heard_on + timedelta(days=days)
    assert VoiceEntry.objects.unanswered(on=on).exists() == is_late
    entry.not_done_because = "We have no room."
    entry.save()
    assert not VoiceEntry.objects.unanswered(on=on).exists()


def test_the_stages_divide_the_register(partnership):
    made = {
        HEARD: VoiceEntryFactory(partnerships=[partnership]),
        NOT_DONE: VoiceEntryFactory(partnerships=[partnership], not_done_because="No room."),
        DONE: VoiceEntryFactory(partnerships=[partnership], did="We rang."),
        CHANGED: VoiceEntryFactory(partnerships=[partnership], did="We rang.", changed="They say so."),
    }
    found = {stage: list(VoiceEntry.objects.at_stage(stage)) for stage in made}
    assert found == {stage: [entry] for stage, entry in made.items()}
    assert {stage: entry.stage for stage, entry in made.items()} == {stage: stage for stage in made}


def test_whoever_listened_owes_an_answer_until_it_is_given(partner, chair, office, entry, partnership, learning_group):
    of_group = VoiceEntryFactory(partnerships=[partnership], group=learning_group)
    VoiceEntryFactory(partnerships=[partnership])
    due = entry.heard_on + timedelta(days=settings.VOICE_ANSWER_DAYS)

    def owed(person):
        return [(each.key, each.due_on) for each in deadlines_for(person, on=TODAY) if each.key.startswith("voice:")]

    assert (owed(partner), owed(chair)) == ([(f"voice:{entry.pk}", due)], [(f"voice:{of_group.pk}", due)])
    VoiceEntry.objects.update(not_done_because="No room.")
    assert (owed(partner), owed(chair)) == ([], [])


# The register


@pytest.fixture
def year(partnership, charity, learning_group, plan):
    """Four voices, one at each stage."""
    first, second = plan.priorities.order_by("position")
    return [
        VoiceEntryFactory(partnerships=[partnership], who="A", heard_on=date(2026, 9, 1), priorities=[first]),
        VoiceEntryFactory(
            partnerships=[partnership], who="B", did="We rang.", organisation=charity, priorities=[second], how="survey"
        ),
        VoiceEntryFactory(partnerships=[partnership], who="C", not_done_because="No room.", people="adults"),
        VoiceEntryFactory(
            partnerships=[partnership], who="D", did="We asked.", changed="All.", group=learning_group, is_public=True
        ),
    ]


def test_the_register_is_narrowed_by_everything(client_of, lead, year, charity, learning_group, plan):
    client = client_of(lead)
    first, second = plan.priorities.order_by("position")

    def shown(**asked):
        return [row.record.who for row in client.get(LIST, asked).context["table"].rows]

    assert {
        "all": shown(),
        "heard": shown(stage="heard"),
        "unanswered": shown(stage="unanswered"),
        "nothing done": shown(stage="not-done"),
        "done": shown(stage="done"),
        "changed": shown(stage="changed"),
        "priority": shown(priority=second.pk),
        "people": shown(people="adults"),
        "how": shown(how="survey"),
        "organisation": shown(organisation=charity.pk),
        "group": shown(group=learning_group.pk),
        "quarter": shown(quarter="2026-07-01"),
        "public": shown(public="yes"),
        "words": shown(words="no room"),
        "nonsense": shown(stage="x", quarter="2026-07-02", priority="99999"),
    } == {
        "all": ["D", "C", "B", "A"],
        "heard": ["A"],
        "unanswered": ["A"],
        "nothing done": ["C"],
        "done": ["B"],
        "changed": ["D"],
        "priority": ["B"],
        "people": ["C"],
        "how": ["B"],
        "organisation": ["B"],
        "group": ["D"],
        "quarter": ["A"],
        "public": ["D"],
        "words": ["C"],
        "nonsense": ["D", "C", "B", "A"],
    }


def test_the_register_is_taken_away_whole(client_of, lead, year):
    sheet = load_workbook(BytesIO(client_of(lead).get(LIST, {"export": "xlsx", "stage": "not-done"}).content)).active
    heads, row = [[cell.value for cell in row] for row in sheet.rows]
    values = dict(zip(heads, row, strict=True))
    assert (values["Who was heard"], values["We did"], values["How far it is"], values["Whose voice"]) == (
        "C",
        "Nothing, because: No room.",
        "Nothing done, because",
        "Adults with care and support needs",
    )
    assert (values["How many"], values["Public"]) == (6, "No")


def test_a_stranger_sees_nothing_of_it(client_of, stranger, year):
    assert list(client_of(stranger).get(LIST).context["table"].rows) == []
    assert client_of(stranger).get(year[0].get_absolute_url()).status_code == 404


@pytest.mark.parametrize("url", [LIST, f"{LIST}?export=csv", OFFERS, GAPS])
def test_pages_take_as_many_queries_for_three_as_for_one(
    client_of, office, partnership, charity, learning_group, plan, url, offered
):
    priority, client = plan.priorities.first(), client_of(office)

    def more(number):
        VoiceEntryFactory(
            partnerships=[partnership],
            who=f"Group {number}",
            organisation=charity,
            group=learning_group,
            priorities=[priority],
            heard_on=date(2026, 6, 1),
        )
        offered(number)

    more(1)
    at_1 = count_queries(client, url)
    more(2), more(3)
    assert count_queries(client, url) == at_1


def test_one_voice_takes_as_many_queries_however_it_grew(client_of, office, entry, plan):
    client, url = client_of(office), entry.get_absolute_url()
    entry.priorities.add(plan.priorities.first())
    at_1 = count_queries(client, url)
    entry.priorities.add(*plan.priorities.all())
    for words in ("We rang.", "We ring.", "We rang twice."):
        entry.did = words
        entry.save()
    assert count_queries(client, url) == at_1


# To the public


def told(**more):
    return {
        "public_who": "Parents",
        "public_said": "Nobody rang back.",
        "public_did": "Somebody rings within a day.",
        "is_checked": "on",
    } | more


def test_the_office_shows_it_to_the_public_in_words_of_its_own(client, client_of, office, partnership, answered):
    page = client_of(office).get(address("publish", answered))
    assert page.context["form"]["public_did"].value() == answered.did
    assert client_of(office).post(address("publish", answered), told()).status_code == 302
    answered.refresh_from_db()
    assert (answered.is_public, answered.published_on, answered.did) == (True, TODAY, "A person rings within a day.")
    page = text_of(client.get(public_address(partnership)))
    assert "Somebody rings within a day." in page
    assert [words for words in (answered.did, answered.who, str(answered.organisation)) if words in page] == []


def test_what_is_said_later_is_not_public_before_the_office_looked_at_it(
    client, client_of, office, partner, partnership, answered
):
    client_of(office).post(address("publish", answered), told())
    body = {"did": "Canary of later words.", "changed": "Canary of a change."}
    assert client_of(partner).post(address("did", answered), body).status_code == 302
    for url in (public_address(partnership), reverse("partnership:public-home", args=[partnership.slug])):
        page = text_of(client.get(url))
        assert ("Somebody rings within a day." in page, "Canary" in page) == (True, False)
    assert "More was said here since" in text_of(client_of(office).get(answered.get_absolute_url()))


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"is_checked": ""}, "is_checked"),
        ({"public_said": ""}, "public_said"),
        ({"public_did": ""}, "public_did"),
        ({"public_because": "No room."}, "public_because"),
        ({"public_did": "", "public_because": "No room.", "public_changed": "All."}, "public_changed"),
        ({"public_did": "Ask kim@example.org."}, "public_did"),
    ],
)
def test_what_is_not_fit_for_the_public_is_not_shown(client_of, office, answered, more, field):
    response = client_of(office).post(address("publish", answered), told(**more))
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    answered.refresh_from_db()
    assert (answered.is_public, answered.public_said) == (False, "")


def test_nothing_is_shown_before_it_is_answered_nor_by_others(client_of, office, partner, stranger, entry, answered):
    assert client_of(office).post(address("publish", entry), told()).url == address("did", entry)
    entry.refresh_from_db()
    assert not entry.is_public
    assert client_of(partner).post(address("publish", answered), told()).status_code == 403
    assert client_of(stranger).post(address("publish", answered), told()).status_code == 404


def test_it_is_taken_back(client, client_of, office, partnership, answered):
    client_of(office).post(address("publish", answered), told())
    assert client_of(office).post(address("publish", answered), {"action": "back"}).status_code == 302
    answered.refresh_from_db()
    assert (answered.is_public, answered.published_on, answered.public_who) == (False, None, "Parents")
    assert "Nobody rang back." not in text_of(client.get(public_address(partnership)))


def test_the_public_reads_a_year_and_whose_voice(client, partnership, other_partnership, today):
    def published(who, on, **more):
        VoiceEntryFactory(
            partnerships=[partnership], who=who, heard_on=on, is_public=True, **({"did": "We asked."} | more)
        )

    published("Now", date(2026, 11, 1))
    published("Adults", date(2026, 5, 1), people="adults")
    published("Last year", date(2026, 3, 31))
    published("Could not", date(2026, 4, 1), did="", not_done_because="There is no room.")
    published("Unanswered", date(2026, 4, 1), did="")
    VoiceEntryFactory(partnerships=[partnership], who="Inside", did="We asked.")
    VoiceEntryFactory(partnerships=[other_partnership], who="Neighbours", did="We asked.", is_public=True)

    def shown(**asked):
        return [entry.public_who for entry in client.get(public_address(partnership), asked).context["entries"]]

    assert shown() == shown(year="x", people="cats") == ["Now", "Adults", "Could not"]
    assert shown(people="adults") == ["Adults"]
    assert shown(year="2025") == ["Last year"]
    assert "There is no room." in text_of(client.get(public_address(partnership)))


@pytest.mark.parametrize("entries", [1, 3])
def test_public_page_query_count(client, partnership, django_assert_num_queries, entries):
    for number in range(entries):
        VoiceEntryFactory(partnerships=[partnership], is_public=True, did=f"What we did {number}")
    with django_assert_num_queries(5):  # savepoint (2), partnership, years, voices
        client.get(public_address(partnership))


def test_an_empty_public_page_teaches(client, partnership):
    assert "Nothing is shown here yet" in text_of(client.get(public_address(partnership)))


def test_the_yearly_report_says_what_the_public_reads(partnership):
    entry = VoiceEntryFactory(
        partnerships=[partnership], is_public=True, who="Parents", people_count=0, not_done_because="There is no room."
    )
    VoiceEntry.objects.update(who="Canary", not_done_because="Canary")
    entry.refresh_from_db()
    assert (heard_from(entry), did_in_words(entry)) == (
        "Parents, November 2026",
        "Nothing, because: There is no room.",
    )


# Offered by reports and returns


@pytest.fixture
def offered(group_deliverable, round_past, ratings, chair):
    """``offered(number)``: one more update that says what people said."""

    def offered(number):
        deliverable = group_deliverable
        if number > 1:
            deliverable = type(deliverable).objects.create(
                priority=deliverable.priority, position=50 + number, title=f"More {number}"
            )
        return UpdateFactory(
            deliverable=deliverable,
            round=round_past,
            rating=ratings["G"],
            progress="Written.",
            voice=f"Parents asked for shorter letters {number}.",
            submitted_by=chair,
            submitted_at=datetime(2026, 10, 12, 10, 0, tzinfo=UTC),
        )

    return offered


@pytest.fixture
def copied(partnership, submitted_return):
    """What Ashford Vale was given of a return: one answer about voice, one about something else."""
    voice, other = submitted_return.request.questions.order_by("position")[:2]
    type(voice).objects.filter(pk=voice.pk).update(is_voice=True)
    lines = [
        {"key": f"q{voice.pk}", "title": "1. Voice?", "answer": "Children told us to ring.", "files": []},
        {"key": f"q{other.pk}", "title": "2. Money?", "answer": "Canary of money.", "files": []},
    ]
    return ReturnCopyFactory(
        record=submitted_return,
        partnership=partnership,
        taken_at=datetime(2027, 1, 5, 9, 0, tzinfo=UTC),
        content={"sections": [{"title": "", "lines": lines}]},
    )


def report_of(learning_group, executive, round_past, chair, voice):
    report = begin_report(learning_group, round_past, by=chair, at=NOW)
    return submit_report(report, to=executive, voice=voice, by=chair, at=NOW)[0]


def test_what_was_submitted_is_offered_to_the_office(
    office, partnership, learning_group, executive, round_past, chair, offered, copied, charity
):
    report_of(learning_group, executive, round_past, chair, "Fathers told us that nobody asks.")
    update = offered(1)
    audit = AuditFactory(partnerships=[partnership], moderated_on=date(2026, 12, 20), released_on=date(2027, 1, 4))
    said = AuditFindingFactory(audit=audit, position=1, text="Children said that nobody asked them.")
    AuditFindingFactory(audit=audit, position=2, text="Files were late.")
    AuditFindingFactory(audit=AuditFactory(partnerships=[partnership]), position=1, text="Canary: not told, they said.")
    found = {offer.key: offer.text for offer in offers_for(office, on=TODAY)}
    assert found == {
        f"highlight:{learning_group.pk}-{round_past.pk}": "Fathers told us that nobody asks.",
        f"update:{update.deliverable_id}-{round_past.pk}": "Parents asked for shorter letters 1.",
        f"return:{copied.record_id}": "Children told us to ring.",
        f"finding:{said.pk}": "Children said that nobody asked them.",
    }


def test_drafts_and_what_heard_nobody_are_not_offered(
    office, stranger, learning_group, executive, round_past, round_open, chair, draft_return, partnership, case_group
):
    report_of(learning_group, executive, round_past, chair, "Nothing this quarter, because the group did not meet.")
    draft = begin_report(learning_group, round_open, by=chair, at=NOW)
    draft.voice = "Canary of a draft"
    draft.save()
    of_cases = begin_report(case_group, round_past, by=chair, at=NOW)
    submit_report(of_cases, to=executive, voice="Canary of a case review group.", by=chair, at=NOW)
    draft_return.request.questions.update(is_voice=True)
    assert offers_for(office, on=TODAY) == []
    assert offers_for(stranger, on=TODAY) == []


def test_another_partnership_s_office_is_offered_nothing_of_ours(stranger, copied, offered):
    offered(1)
    assert offers_for(stranger, on=TODAY) == []


def test_an_offer_is_taken_over_by_one_press_and_once(client_of, office, offered, partnership, other_partnership):
    update = offered(1)
    key = f"update:{update.deliverable_id}-{update.round_id}"
    client = client_of(office)
    assert "Parents asked for shorter letters 1." in text_of(client.get(OFFERS))
    response = client.post(OFFERS, {"key": key, "action": "take"})
    entry = VoiceEntry.objects.get()
    assert response.url == address("change", entry)
    assert (entry.said, entry.source_key, entry.people_count, entry.heard_on, entry.partnership_ids) == (
        update.voice,
        key,
        0,
        update.round.ends_on,
        {partnership.pk, other_partnership.pk},
    )
    assert list(entry.priorities.all()) == [update.deliverable.priority]
    again = client.post(OFFERS, {"key": key, "action": "take"}, follow=True)
    assert "It is not offered any more" in text_of(again)
    assert VoiceEntry.objects.count() == 1
    page = text_of(client.get(entry.get_absolute_url()))
    assert ("An update of a lead" in page, update.deliverable.get_absolute_url() in page) == (True, True)


def test_words_that_may_say_who_somebody_is_are_looked_at_first(client_of, office, offered):
    update = offered(1)
    type(update).objects.filter(pk=update.pk).update(voice="Mrs Okafor told us that nobody asks.")
    key = f"update:{update.deliverable_id}-{update.round_id}"
    response = client_of(office).post(OFFERS, {"key": key, "action": "take"})
    assert (response.url, VoiceEntry.objects.count()) == (f"{ADD}?from={key}", 0)
    page = client_of(office).get(response.url)
    assert page.context["form"]["said"].value() == "Mrs Okafor told us that nobody asks."
    both = [each.pk for each in update.round.plan.partnerships.all()]
    body = answers(None, said="A mother told us that nobody asks.", partnerships=both)
    assert client_of(office).post(response.url, body).status_code == 302
    assert VoiceEntry.objects.get().source_key == key
    assert client_of(office).get(response.url).url == OFFERS


def test_an_offer_is_set_aside_with_a_reason_and_offered_again(client_of, office, offered):
    update = offered(1)
    key = f"update:{update.deliverable_id}-{update.round_id}"
    client = client_of(office)
    response = client.post(OFFERS, {"key": key, "action": "aside"})
    assert (response.status_code, response.context["form"].errors) == (
        422,
        {"because": ["Enter why it does not belong into the register"]},
    )
    assert client.post(OFFERS, {"key": key, f"{key.replace(':', '-')}-because": "Said twice"}).status_code == 302
    assert offers_for(office, on=TODAY) == []
    assert {each.because for each in VoiceSetAside.objects.all()} == {"Said twice"}
    assert "Said twice" in text_of(client.get(OFFERS))
    assert client.post(OFFERS, {"key": key, "action": "again"}).status_code == 302
    assert [each.key for each in offers_for(office, on=TODAY)] == [key]


def test_only_an_office_takes_over(client_of, chair, advisor, stranger, offered):
    update = offered(1)
    key = f"update:{update.deliverable_id}-{update.round_id}"
    for person in (chair, advisor):
        client = client_of(person)
        assert client.get(OFFERS).status_code == client.post(OFFERS, {"key": key, "action": "take"}).status_code == 403
        assert client.get(f"{ADD}?from={key}").status_code in (302, 403)
    client_of(stranger).post(OFFERS, {"key": key, "action": "take"})
    assert not VoiceEntry.objects.exists()


def test_where_it_came_from_is_shown_without_an_address_to_who_may_not_open_it(client_of, lead, office, copied):
    [offer] = offers_for(office, on=TODAY)
    entry, _ = take_over(offer)
    url = reverse("assurance:return-detail", args=[copied.record_id])
    assert url in text_of(client_of(office).get(entry.get_absolute_url()))
    page = text_of(client_of(lead).get(entry.get_absolute_url()))
    assert ("A return" in page, url in page, find_offer(lead, offer.key, on=TODAY)) == (True, False, None)


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_take_over_one(partnership, office):
    fields = {"source_key": "update:1-1", "said": "Ring us.", "who": "Parents", "heard_on": date(2026, 12, 1)}

    def press(number):
        try:
            return tell_voice(partnerships=[partnership], priorities=[], **fields)[1]
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(press, range(2))) == [False, True]
    assert VoiceEntry.objects.count() == 1


# Gaps


def cells_of(lines):
    return {line.label: [(cell.entries, cell.people) for cell in line.cells] for line in lines}


def test_gaps_by_priority_and_by_whose_voice(client_of, lead, year, plan, rating_key, partnership):
    first, second = plan.priorities.order_by("position")
    before = PlanFactory(
        partnerships=[partnership], rating_key=rating_key, starts_on=date(2025, 4, 1), ends_on=date(2026, 3, 31)
    )
    second.carried_from = PriorityFactory(plan=before, title="Before")
    second.save()
    VoiceEntryFactory(
        partnerships=[partnership], heard_on=date(2026, 4, 2), people_count=0, priorities=[second.carried_from]
    )
    page = client_of(lead).get(GAPS, {"plan": plan.pk})
    assert cells_of(page.context["by_priority"]) == {
        str(first): [(0, 0), (1, 6), (0, 0), (0, 0)],
        str(second): [(1, 0), (0, 0), (1, 6), (0, 0)],
        "About no priority of this plan": [(0, 0), (0, 0), (2, 12), (0, 0)],
    }
    assert f"?priority={second.pk}&amp;quarter=2026-04-01" in text_of(page)
    shown = client_of(lead).get(LIST, {"priority": second.pk, "quarter": "2026-04-01"}).context["table"].rows
    assert [row.record.people_count for row in shown] == [0]
    assert cells_of(page.context["by_people"])["Adults with care and support needs"] == [
        (0, 0),
        (0, 0),
        (1, 6),
        (0, 0),
    ]
    assert [(kind.label, kind.last_on) for kind in page.context["kinds"]] == [
        ("Parents, carers and families", None),
        ("Practitioners", None),
        ("People of a neighbourhood or community", None),
    ]
    assert set(VoiceEntry.objects.of_priorities([second])) == set(
        VoiceEntry.objects.filter(heard_on=date(2026, 4, 2))
    ) | {year[1]}


def test_gaps_say_what_waits_and_who_told_of_nobody(client_of, lead, year, charity, learning_group, case_group):
    VoiceEntry.objects.filter(who="B").update(did_on=date(2026, 9, 1))
    context = client_of(lead).get(GAPS).context
    assert [[entry.who for entry in context[name]] for name in ("unanswered", "unchanged")] == [["A"], ["B"]]
    assert charity not in context["silent_organisations"]
    assert learning_group not in context["silent_groups"]
    assert case_group not in context["silent_groups"]
    assert context["silent_organisations"]


def test_gaps_without_a_plan_teach(client_of, stranger, year):
    page = client_of(stranger).get(GAPS)
    assert "No plan is out yet" in text_of(page)
    assert (page.context["unanswered"], page.context["by_priority"]) == ([], [])
