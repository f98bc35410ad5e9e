"""Arrangements: words stand once the partners are asked, and the very file they endorsed is published for ever."""

from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InternalError, transaction
from django.urls import reverse

from partnership.arrangements import endorse, publish_arrangements, start_version, take_back
from partnership.models import Arrangements, Document, Endorsement, Membership, Organisation, Post, PublishedFile
from partnership.refusals import NotNow
from tests.conftest import TODAY, hold
from tests.factories import (
    ArrangementsChangeFactory,
    ArrangementsFactory,
    DisputeStepFactory,
    MembershipFactory,
    OrganisationFactory,
)
from tests.partnership.test_people import at_once, day, errors_of

LIST, ADD = reverse("partnership:arrangements-list"), reverse("partnership:arrangements-add")
PDF = b"%PDF-1.7 the arrangements as they were endorsed"
STAND = "It has been sent for endorsement, so its words stand. Take it back first."


def url(name, record):
    return reverse(f"partnership:{name}", args=[record.pk])


def public_url(partnership):
    return reverse("partnership:public-arrangements", args=[partnership.slug])


def said(answer):
    """What the page after a redirect will say."""
    return [str(message) for message in answer.wsgi_request._messages]


@pytest.fixture
def police(partnership):
    organisation = OrganisationFactory(name="Vale Constabulary", kind=Organisation.Kind.POLICE)
    MembershipFactory(organisation=organisation, partnership=partnership, role=Membership.Role.STATUTORY)
    return organisation


@pytest.fixture
def chief_constable(partnership, police):
    return hold(
        "Gareth Ellwood",
        "Chief constable",
        duty=Post.Duty.LEAD_PARTNER,
        organisation=police,
        partnerships=[partnership],
    )


@pytest.fixture
def ready(draft_arrangements, office):
    """Ashford Vale's second version with all that it takes to be sent for endorsement."""
    draft_arrangements.document = Document.keep(filename="second.pdf", content=PDF, by=office)
    draft_arrangements.in_force_from = date(2027, 2, 1)
    draft_arrangements.save()
    return draft_arrangements


@pytest.fixture
def endorsing(ready, health_board, police):
    """Sent for endorsement; two safeguarding partners are asked."""
    ready.status = Arrangements.Status.ENDORSING
    ready.save()
    return ready


def sign(arrangements, organisation, office, **fields):
    given = {"name": "A Person", "post_title": "Chief", "endorsed_on": TODAY, **fields}
    return endorse(arrangements, organisation=organisation, by=office, on=TODAY, **given)


def publish(arrangements, office, *, without=""):
    return publish_arrangements(
        arrangements, without=without, by=office, at=datetime(2027, 1, 12, 9, 30, tzinfo=UTC), on=TODAY
    )


# A draft


def test_the_next_version_starts_from_the_last(client_of, office, partnership, published_arrangements):
    answer = client_of(office).post(ADD, {"partnership": partnership.pk})
    begun = Arrangements.objects.get(partnership=partnership, version=2)
    assert answer.url == url("arrangements-change", begun)
    assert (begun.title, begun.summary, begun.status, begun.document, begun.review_on) == (
        published_arrangements.title,
        published_arrangements.summary,
        "draft",
        None,
        None,
    )


def test_a_version_in_hand_is_opened_and_not_begun_again(client_of, office, partnership, draft_arrangements):
    client = client_of(office)
    answers = [client.post(ADD, {"partnership": partnership.pk}).url for _ in range(2)]
    assert answers == [draft_arrangements.get_absolute_url()] * 2
    assert Arrangements.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_start_at_once_start_one_version(office, partnership):
    came_to = at_once(*[lambda: start_version(partnership)[1]] * 2)
    assert (sorted(came_to), Arrangements.objects.count()) == ([False, True], 1)


def test_nobody_starts_one_for_a_partnership_that_is_not_theirs(client_of, stranger, partnership):
    page = client_of(stranger).post(ADD, {"partnership": partnership.pk})
    assert (page.status_code, errors_of(page)) == (422, {"partnership": ["Choose an answer from the list"]})
    assert Arrangements.objects.count() == 0


def typed(**changed):
    words = {"title": "Together", "summary": "Who we are.", **day("in_force_from", date(2027, 4, 1))}
    return {**words, **day("review_on", date(2028, 4, 1)), **changed}


def test_the_office_writes_words_and_brings_a_document(client_of, office, draft_arrangements):
    upload = SimpleUploadedFile("signed.pdf", PDF, content_type="application/pdf")
    answer = client_of(office).post(url("arrangements-change", draft_arrangements), typed(upload=upload))
    draft_arrangements.refresh_from_db()
    assert answer.url == draft_arrangements.get_absolute_url()
    assert (draft_arrangements.title, draft_arrangements.in_force_from, draft_arrangements.review_on) == (
        "Together",
        date(2027, 4, 1),
        date(2028, 4, 1),
    )
    assert (draft_arrangements.document.filename, bytes(draft_arrangements.document.content)) == ("signed.pdf", PDF)


def test_saving_without_a_file_keeps_the_one_there(client_of, office, ready):
    client_of(office).post(url("arrangements-change", ready), typed())
    kept = ready.document_id
    ready.refresh_from_db()
    assert (ready.title, ready.document_id) == ("Together", kept)


@pytest.mark.parametrize(
    ("wrong", "errors"),
    [
        (
            {"upload": ("words.pdf", b"only words")},
            {"upload": ["This file is named .pdf but is something else. Save it as a PDF and try again."]},
        ),
        (
            {"upload": ("plan.docx", b"PK\x03\x04")},
            {"upload": ["This is not a PDF. Save it as a PDF and try again."]},
        ),
        ({"upload": ("empty.pdf", b"")}, {"upload": ["Choose a file that isn’t empty"]}),
        (
            day("review_on", date(2027, 4, 1)),
            {"review_on": ["Enter a day after the arrangements have come into force"]},
        ),
        ({"in_force_from_month": "13"}, {"in_force_from": ["Enter a real date, like 27 3 2027"]}),
        ({"title": "", "summary": " "}, {
            "title": ["Enter what the arrangements are called"],
            "summary": ["Enter what the arrangements say, in plain words"],
        }),
    ],
)  # fmt: skip
def test_wrong_answers_say_what_to_do_and_nothing_is_kept(client_of, office, draft_arrangements, wrong, errors):
    if "upload" in wrong:
        wrong = {"upload": SimpleUploadedFile(*wrong["upload"])}
    given = typed(**wrong)
    page = client_of(office).post(url("arrangements-change", draft_arrangements), given)
    draft_arrangements.refresh_from_db()
    assert (page.status_code, errors_of(page)) == (422, errors)
    assert given["title"] in page.content.decode()
    assert (draft_arrangements.title, Document.objects.count()) == ("How we work together", 0)


def test_changes_are_added_written_and_removed(client_of, office, draft_arrangements):
    client = client_of(office)
    first = draft_arrangements.changes.get()
    words = {"what": "Two groups become one", "reason": "The same people sat on both", "timescale": "From May"}
    client.post(url("change-add", draft_arrangements), words)
    client.post(url("change-change", first), {**words, "what": "Schools join", "timescale": "Now"})
    assert list(draft_arrangements.changes.values_list("position", "what", "timescale")) == [
        (1, "Schools join", "Now"),
        (2, "Two groups become one", "From May"),
    ]
    client.post(url("change-remove", first))
    assert list(draft_arrangements.changes.values_list("what", flat=True)) == ["Two groups become one"]


def test_a_change_needs_its_reason(client_of, office, draft_arrangements):
    page = client_of(office).post(url("change-add", draft_arrangements), {"what": "Schools join", "timescale": "Now"})
    assert (page.status_code, errors_of(page), draft_arrangements.changes.count()) == (
        422,
        {"reason": ["Enter why it changes: a change is published with its reason"]},
        1,
    )


# Endorsing


def test_it_is_not_sent_before_it_is_whole(client_of, office, draft_arrangements):
    draft_arrangements.changes.all().delete()
    answer = client_of(office).post(url("arrangements-ask", draft_arrangements))
    draft_arrangements.refresh_from_db()
    assert said(answer) == [
        "Add the document as a PDF. Say from when it is in force. Say what it changes, with the reason."
    ]
    assert draft_arrangements.is_draft


def test_the_first_version_changes_nothing_and_may_be_sent(client_of, office, ready):
    Arrangements.objects.filter(pk=ready.pk).update(version=1)
    ready.changes.all().delete()
    client_of(office).post(url("arrangements-ask", ready))
    ready.refresh_from_db()
    assert ready.is_endorsing


def test_words_stand_from_the_moment_they_are_sent(client_of, office, ready):
    client = client_of(office)
    client.post(url("arrangements-ask", ready))
    change = ready.changes.get()
    pages = [
        client.post(url("arrangements-change", ready), typed(title="Other words")),
        client.post(url("change-add", ready), {"what": "More", "reason": "Because", "timescale": "Now"}),
        client.post(url("change-change", change), {"what": "Else", "reason": "Because", "timescale": "Now"}),
    ]
    assert [(page.status_code, errors_of(page)) for page in pages] == [(422, {"__all__": [STAND]})] * 3
    assert "Other words" in pages[0].content.decode()
    assert said(client.post(url("change-remove", change))) == [STAND]
    ready.refresh_from_db()
    assert (ready.title, [change.what for change in ready.changes.all()]) == (
        "How we work together",
        ["Schools join the Executive"],
    )


def test_a_lead_partner_endorses_once_for_their_own_organisation(client_of, chief_constable, endorsing, police):
    client = client_of(chief_constable)
    page = client.get(url("arrangements-endorse", endorsing))
    own = {"post": page.context["form"].posts[0].pk}
    answers = [client.post(url("arrangements-endorse", endorsing), own) for _ in range(2)]
    assert [answer.url for answer in answers] == [endorsing.get_absolute_url()] * 2
    assert [
        (each.organisation, each.name, each.post_title, each.endorsed_on, each.recorded_by)
        for each in endorsing.endorsements.all()
    ] == [(police, "Gareth Ellwood", "Chief constable", TODAY, chief_constable)]


def test_nobody_endorses_for_another_organisation(client_of, chief_constable, lead, endorsing, office):
    others = lead.holdings.get().post
    page = client_of(chief_constable).post(url("arrangements-endorse", endorsing), {"post": others.pk})
    assert (page.status_code, errors_of(page)) == (422, {"post": ["Choose an answer from the list"]})
    for person, status in ((lead, 404), (office, 422)):
        assert client_of(person).post(url("arrangements-endorse", endorsing), {"post": 1}).status_code == status
    assert Endorsement.objects.count() == 0


def test_a_lead_partner_whose_organisation_is_not_asked_is_told_so(client_of, lead_partner, endorsing):
    answer = client_of(lead_partner).post(url("arrangements-endorse", endorsing))
    assert said(answer) == ["Your organisation has endorsed it already, or is not one of those who are asked"]
    assert Endorsement.objects.count() == 0


def paper(organisation, signed_on=TODAY, **changed):
    words = {"organisation": organisation.pk, "name": "Priya Rao", "post_title": "Chief executive"}
    return {**words, **day("endorsed_on", signed_on), **changed}


def test_the_office_keeps_what_was_signed_on_paper(client_of, office, endorsing, health_board):
    client_of(office).post(url("arrangements-endorse", endorsing), paper(health_board, date(2027, 1, 8)))
    assert [
        (each.organisation, each.name, each.post_title, each.endorsed_on, each.recorded_by)
        for each in endorsing.endorsements.all()
    ] == [(health_board, "Priya Rao", "Chief executive", date(2027, 1, 8), office)]


def test_paper_is_not_signed_tomorrow_nor_twice_nor_by_others(
    client_of, office, endorsing, health_board, police, hospital
):
    sign(endorsing, police, office)
    client = client_of(office)
    tomorrow = client.post(url("arrangements-endorse", endorsing), paper(health_board, date(2027, 1, 13)))
    not_asked = [client.post(url("arrangements-endorse", endorsing), paper(each)) for each in (police, hospital)]
    assert errors_of(tomorrow) == {"endorsed_on": ["Enter today or an earlier day: this has not been signed yet"]}
    assert [errors_of(page) for page in not_asked] == [
        {"organisation": ["Choose a safeguarding partner who has not endorsed it yet"]}
    ] * 2
    assert endorsing.endorsements.count() == 1


def test_a_partner_that_left_is_not_asked(endorsing, police, health_board, office):
    police.memberships.update(to_on=date(2027, 1, 11))
    with pytest.raises(NotNow):
        sign(endorsing, police, office)
    sign(endorsing, health_board, office)
    assert publish(endorsing, office).is_published


@pytest.mark.django_db(transaction=True)
def test_endorsed_at_once_by_both_hands_is_endorsed_once(endorsing, police, office):
    at_once(*[lambda: sign(endorsing, police, office).pk] * 2)
    assert endorsing.endorsements.count() == 1


def test_taking_it_back_needs_a_reason_and_clears_the_endorsements(client_of, office, endorsing, police):
    sign(endorsing, police, office)
    client = client_of(office)
    page = client.post(url("arrangements-take-back", endorsing), {"reason": " "})
    assert (page.status_code, errors_of(page)) == (422, {"reason": ["Enter why it is taken back"]})
    client.post(url("arrangements-take-back", endorsing), {"reason": "A date was wrong."})
    endorsing.refresh_from_db()
    assert (endorsing.status, endorsing.taken_back_because, endorsing.endorsements.count()) == (
        "draft",
        "A date was wrong.",
        0,
    )


def test_what_is_taken_back_meanwhile_is_not_endorsed(endorsing, police, office):
    take_back(endorsing, reason="A date was wrong.")
    with pytest.raises(NotNow):
        sign(endorsing, police, office)


# Publishing


def test_with_every_endorsement_the_very_file_is_published(client_of, office, endorsing, health_board, police):
    for organisation in (health_board, police):
        sign(endorsing, organisation, office)
    answer = client_of(office).post(url("arrangements-publish", endorsing))
    endorsing.refresh_from_db()
    file = endorsing.published_file
    assert answer.url == endorsing.get_absolute_url()
    assert (endorsing.status, endorsing.published_without, bytes(file.content)) == ("published", "", PDF)
    assert (file.kind, file.filename, list(file.partnerships.all())) == (
        "arrangements",
        "ashford-vale-arrangements-version-2.pdf",
        [endorsing.partnership],
    )
    assert {each["organisation"] for each in file.manifest["endorsements"]} == {health_board.name, police.name}


def test_without_somebody_it_takes_a_reason_that_everyone_reads(
    client_of, office, endorsing, health_board, partnership
):
    sign(endorsing, health_board, office)
    client = client_of(office)
    page = client.post(url("arrangements-publish", endorsing), {"without": ""})
    assert (page.status_code, list(errors_of(page))) == (422, ["without"])
    with pytest.raises(NotNow):
        publish(endorsing, office)
    assert PublishedFile.objects.count() == 0
    Arrangements.objects.filter(pk=endorsing.pk).update(in_force_from=TODAY)
    client.post(url("arrangements-publish", endorsing), {"without": "The chief constable’s post is vacant."})
    endorsing.refresh_from_db()
    assert endorsing.published_file.manifest["waiting"] == ["Vale Constabulary"]
    assert "The chief constable’s post is vacant." in client_of(None).get(public_url(partnership)).content.decode()


def test_pressed_twice_it_is_published_once(client_of, office, endorsing):
    client = client_of(office)
    for _ in range(2):
        client.post(url("arrangements-publish", endorsing), {"without": "Agreed at the Executive."})
    assert PublishedFile.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_published_by_two_at_once_it_is_published_once(endorsing, office):
    came_to = at_once(*[lambda: publish(endorsing, office, without="Agreed").is_published] * 2)
    assert (came_to, PublishedFile.objects.count()) == ([True, True], 1)


def test_a_draft_is_not_published(client_of, office, ready):
    answer = client_of(office).post(url("arrangements-publish", ready), {"without": "Quickly"})
    assert (said(answer), PublishedFile.objects.count()) == (["Send it for endorsement first"], 0)


def test_what_is_published_stands(published_arrangements, client_of, office):
    with pytest.raises(InternalError), transaction.atomic():
        Arrangements.objects.filter(pk=published_arrangements.pk).update(title="Other words")
    for name in ("arrangements-change", "change-add", "arrangements-take-back"):
        assert client_of(office).post(url(name, published_arrangements), typed()).status_code == 403


def test_the_next_version_is_the_next_edition_of_the_file(office, published_arrangements, endorsing):
    published = publish(endorsing, office, without="Agreed").published_file
    assert (published.edition, published.supersedes) == (2, published_arrangements.published_file)


# Who reads what


def test_a_document_is_read_by_those_who_see_the_version(
    client_of, office, advisor, chief_constable, partner, endorsing
):
    address = url("arrangements-document", endorsing)
    for person in (office, advisor, chief_constable):
        page = client_of(person).get(address)
        assert (page.content, page["Content-Disposition"]) == (PDF, 'attachment; filename="second.pdf"')
    assert client_of(partner).get(address).status_code == 404


def test_the_page_says_who_has_endorsed_and_who_has_not(
    client_of, chief_constable, office, endorsing, health_board, police
):
    sign(endorsing, health_board, office)
    page = client_of(chief_constable).get(endorsing.get_absolute_url())
    assert ([each.organisation for each in page.context["endorsements"]], page.context["waiting"]) == (
        [health_board],
        [police],
    )
    assert (page.context["may_endorse"], page.context["may_change"]) == (True, False)


def test_the_page_says_what_is_on_the_web_now(client_of, office, published_arrangements, endorsing):
    page = client_of(office).get(endorsing.get_absolute_url())
    assert (page.context["on_web"], page.context["others"]) == (
        published_arrangements,
        [(published_arrangements, "In force")],
    )


def test_the_list_says_where_each_version_stands(client_of, office, published_arrangements, endorsing, police):
    sign(endorsing, police, office)
    table = client_of(office).get(LIST).context["table"]
    rows = [[row.get_cell(name) for name in ("version", "status", "endorsed_count")] for row in table.rows]
    assert rows == [[2, "Being endorsed", "1 of 2"], [1, "In force", "0"]]


def test_others_see_published_versions_alone(client_of, partner, stranger, published_arrangements, endorsing):
    assert [row.record for row in client_of(partner).get(LIST).context["table"].rows] == [published_arrangements]
    assert list(client_of(stranger).get(LIST).context["table"].rows) == []


def test_the_list_narrows_and_leaves_as_excel_and_csv(client_of, office, other_partnership, endorsing):
    ArrangementsFactory(partnership=other_partnership)
    client = client_of(office)
    narrowed = client.get(LIST, {"partnership": other_partnership.pk, "status": "draft"}).context["table"]
    assert [row.record.partnership for row in narrowed.rows] == [other_partnership]
    csv = client.get(LIST, {"status": "endorsing", "export": "csv"}).content.decode("utf-8-sig").splitlines()
    assert csv[1:] == [
        "How we work together,Ashford Vale Safeguarding Children Partnership,2,Being endorsed,0 of 2,2027-02-01,"
    ]
    assert client.get(LIST, {"export": "xlsx"}).content.startswith(b"PK")


def test_the_public_page_shows_what_is_in_force_and_what_comes(
    client_of, partnership, office, published_arrangements, endorsing
):
    DisputeStepFactory(partnership=partnership, position=1, name="Managers talk")
    publish(endorsing, office, without="Agreed")
    page = client_of(None).get(public_url(partnership))
    assert (page.context["current"], page.context["coming"], page.context["earlier"]) == (
        published_arrangements,
        [endorsing],
        [],
    )
    assert [step.name for step in page.context["steps"]] == ["Managers talk"]


def test_once_its_day_has_come_it_is_in_force_with_its_changes(
    client_of, partnership, office, published_arrangements, endorsing
):
    Arrangements.objects.filter(pk=endorsing.pk).update(in_force_from=TODAY)
    publish(endorsing, office, without="Agreed")
    page = client_of(None).get(public_url(partnership))
    assert (page.context["current"], page.context["earlier"]) == (endorsing, [published_arrangements])
    assert [change.reason for change in page.context["changes"]] == ["They see every child every day"]


def test_the_public_page_shows_no_draft(client_of, partnership, endorsing):
    page = client_of(None).get(public_url(partnership))
    assert page.context["current"] is None
    assert "No arrangements are in force here yet" in page.content.decode()


# Queries


def more_versions(partnership, office, count):
    """``count`` published versions, each with as many changes and endorsements."""
    members = [OrganisationFactory() for _ in range(count)]
    for organisation in members:
        MembershipFactory(organisation=organisation, partnership=partnership, role=Membership.Role.STATUTORY)
    for version in range(1, count + 1):
        record = ArrangementsFactory(partnership=partnership, version=version, in_force_from=TODAY)
        record.document = Document.keep(filename="a.pdf", content=PDF, by=office)
        record.status = Arrangements.Status.ENDORSING
        record.save()
        for organisation in members:
            ArrangementsChangeFactory(arrangements=record)
            sign(record, organisation, office)
        publish(record, office, without="Agreed")
    return record


@pytest.mark.parametrize("count", [1, 3])
def test_query_counts(client_of, office, partnership, django_assert_num_queries, count):
    record = more_versions(partnership, office, count)
    client, public = client_of(office), client_of(None)
    with django_assert_num_queries(8):
        client.get(LIST)
    with django_assert_num_queries(11):
        client.get(record.get_absolute_url())
    with django_assert_num_queries(7):
        public.get(public_url(partnership))


@pytest.mark.parametrize("count", [1, 3])
def test_query_count_of_a_version_in_hand(client_of, office, endorsing, partnership, django_assert_num_queries, count):
    for _ in range(count):
        ArrangementsChangeFactory(arrangements=endorsing)
        organisation = OrganisationFactory()
        MembershipFactory(organisation=organisation, partnership=partnership, role=Membership.Role.STATUTORY)
        sign(endorsing, organisation, office)
        MembershipFactory(partnership=partnership, organisation=OrganisationFactory(), role=Membership.Role.STATUTORY)
    client = client_of(office)
    with django_assert_num_queries(12):
        client.get(endorsing.get_absolute_url())
