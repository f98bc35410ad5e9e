"""Signing a report and publishing what was signed."""

from datetime import UTC, date, datetime, timedelta

import pgtrigger
import pytest
from django.core import mail
from django.db import InternalError, transaction
from django.urls import reverse

from assurance.annual import signing
from assurance.annual.builds import request_build, run_build
from assurance.annual.publishing import publish_report
from assurance.annual.starting import start_edition
from assurance.models import ReportSignature, SignOff
from partnership.deadlines import deadlines, deadlines_for
from partnership.models import Membership, Organisation, Post, PublishedFile
from partnership.publishing import CannotPublish
from partnership.refusals import NotNow
from tests.conftest import hold
from tests.factories import MembershipFactory, OrganisationFactory
from tests.factories_report import ReportConsultationFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
TODAY = date(2027, 1, 12)
DUE = date(2027, 1, 26)


def address(name, *args):
    return reverse(f"assurance:{name}", args=args)


def text_of(response):
    return response.content.decode()


@pytest.fixture
def council(partnership, health_board):
    """The other statutory partner, beside the health board."""
    organisation = OrganisationFactory(name="Ashford Vale County Council", kind=Organisation.Kind.LOCAL_AUTHORITY)
    MembershipFactory(organisation=organisation, partnership=partnership, role=Membership.Role.STATUTORY)
    return organisation


def leads(name, title, partnership, organisation):
    return hold(name, title, duty=Post.Duty.LEAD_PARTNER, partnerships=[partnership], organisation=organisation)


@pytest.fixture
def council_lead(partnership, council):
    return leads("Imogen Vance", "Chief executive", partnership, council)


@pytest.fixture
def health_lead(partnership, health_board):
    return leads("Priya Nandakumar", "Chief nurse", partnership, health_board)


@pytest.fixture
def proof(report, office, quick_pdf, council):
    return made(report, office)


def made(report, office):
    build = request_build(report, by=office)
    run_build(build.pk)
    build.refresh_from_db()
    return build


@pytest.fixture
def sign_off(report, proof, council_lead, health_lead, office):
    return ask(report, proof, office)


def ask(report, build, office, because=""):
    return signing.ask_to_sign(report, build=build, note="", due_on=DUE, because=because, by=office, at=NOW)


def signs(sign_off, person, organisation, decision="signed", words=""):
    return signing.sign(
        sign_off,
        organisation=organisation,
        decision=decision,
        words=words,
        name=person.name,
        post_title="Chief executive",
        signed_on=TODAY,
        by=person,
        at=NOW,
    )


def due_of(person):
    return [each.key for each in deadlines_for(person, on=TODAY) if each.key.startswith("report-sign-off:")]


# Asking


def test_the_office_asks_for_signatures_on_the_proof_it_was_shown(client_of, office, report, proof, council_lead):
    client = client_of(office)
    url = address("sign-off-ask", report.pk)
    page = text_of(client.get(url))
    assert "Ashford Vale County Council and Vale and Mill Integrated Care Board" in page
    response = client.post(url, {"build": proof.pk, **typed("due_on", DUE), "note": "Page 4 is new."})
    sign_off = report.sign_offs.get()
    assert response.url == sign_off.get_absolute_url()
    assert (sign_off.build, sign_off.due_on, sign_off.note) == (proof, DUE, "Page 4 is new.")
    assert client.get(url).url == sign_off.get_absolute_url()


def typed(name, day):
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def test_each_lead_finds_it_on_my_work_until_their_own_organisation_has_signed(
    sign_off, council, council_lead, health_board, health_lead, chair
):
    keys = {each.pk: f"report-sign-off:{sign_off.pk}-{each.pk}" for each in (council, health_board)}
    assert (due_of(council_lead), due_of(health_lead)) == ([keys[council.pk]], [keys[health_board.pk]])
    assert due_of(chair) == []
    signs(sign_off, council_lead, council)
    assert (due_of(council_lead), due_of(health_lead)) == ([], [keys[health_board.pk]])
    signing.withdraw(sign_off, because="A total was wrong.", at=NOW)
    assert due_of(health_lead) == []


def test_members_do_not_learn_from_the_calendar_that_a_draft_is_being_signed(sign_off, partner, advisor, office):
    def seen_by(user):
        return [each.key for each in deadlines(on=TODAY, standing=user.standing) if "sign-off" in each.key]

    assert (len(seen_by(advisor)), len(seen_by(office)), seen_by(partner)) == (2, 2, [])


def test_a_lead_of_no_statutory_partner_owes_nothing(charity, report, proof, office, partnership, council_lead):
    helper = leads("Owen Kerr", "Director", partnership, charity)
    sign_off = ask(report, proof, office)
    assert due_of(helper) == []
    assert not signing.own_posts(helper, sign_off, on=TODAY)
    with pytest.raises(NotNow, match="not a statutory partner"):
        signs(sign_off, helper, charity)


def test_what_changed_since_its_proof_is_not_put_before_anybody(report, proof, office, council, past_update):
    past_update.difference_made = "Another word."
    past_update.save()
    with pytest.raises(NotNow, match="has changed since this proof was made"):
        ask(report, proof, office)
    assert not SignOff.objects.exists()


def test_the_same_proof_is_asked_for_once(report, proof, office, sign_off):
    assert ask(report, proof, office) == sign_off
    assert report.sign_offs.count() == 1


def test_a_new_proof_withdraws_the_old_one_with_a_reason_and_everybody_signs_again(
    report, sign_off, office, council, council_lead
):
    signs(sign_off, council_lead, council)
    newer = made(report, office)
    with pytest.raises(NotNow, match="Say why"):
        ask(report, newer, office)
    again = ask(report, newer, office, because="A total was wrong.")
    sign_off.refresh_from_db()
    assert (sign_off.withdrawn_because, sign_off.signatures.count()) == ("A total was wrong.", 1)
    assert (again.build, again.signatures.count()) == (newer, 0)
    assert [each.organisation for each in signing.seats_of(again, on=TODAY) if each.signature] == []
    with pytest.raises(NotNow, match="withdrawn"):
        signs(sign_off, council_lead, council)


def test_the_form_asks_why_the_version_before_is_withdrawn_and_loses_nothing(client_of, office, report, sign_off):
    newer = made(report, office)
    client = client_of(office)
    url = address("sign-off-ask", report.pk)
    body = {"build": newer.pk, **typed("due_on", DUE), "note": "Kept words"}
    response = client.post(url, body)
    page = text_of(response)
    assert response.status_code == 422
    assert "Enter why the version before this one is withdrawn" in page and "Kept words" in page
    client.post(url, body | {"because": "A total was wrong."})
    assert report.sign_offs.get(withdrawn_at=None).build == newer


def test_a_past_day_is_no_day_to_sign_by(client_of, office, report, proof, council):
    response = client_of(office).post(
        address("sign-off-ask", report.pk), {"build": proof.pk, **typed("due_on", date(2027, 1, 11))}
    )
    assert (response.status_code, SignOff.objects.count()) == (422, 0)


# Signing


def test_a_lead_reads_and_signs_with_name_and_post_as_printed(client_of, sign_off, council, council_lead):
    client = client_of(council_lead)
    page = text_of(client.get(sign_off.get_absolute_url()))
    assert address("build-proof", sign_off.build.pk) in page and address("version-read", sign_off.build.pk) in page
    url = address("sign-off-sign", sign_off.pk)
    form = client.get(url).context["form"]
    assert (form.initial["name"], form.initial["post_title"]) == ("Imogen Vance", "Chief executive")
    post = council_lead.holdings.get().post
    response = client.post(
        url, {"post": post.pk, "decision": "signed", "name": "Dame Imogen Vance", "post_title": "Chief executive"}
    )
    signature = ReportSignature.objects.get()
    assert response.url == sign_off.get_absolute_url()
    assert (signature.organisation, signature.name, signature.signed_on) == (council, "Dame Imogen Vance", TODAY)
    assert "Dame Imogen Vance, Chief executive" in text_of(client.get(sign_off.get_absolute_url()))


def test_a_lead_signs_for_no_organisation_but_their_own(client_of, sign_off, council_lead, health_lead):
    other = health_lead.holdings.get().post
    response = client_of(council_lead).post(
        address("sign-off-sign", sign_off.pk),
        {"post": other.pk, "decision": "signed", "name": "Imogen Vance", "post_title": "Chief executive"},
    )
    assert (response.status_code, ReportSignature.objects.count()) == (422, 0)


def test_whoever_leads_two_chooses_for_which(client_of, report, proof, office, partnership, council, health_board):
    both = leads("Imogen Vance", "Chief executive", partnership, council)
    post = Post.objects.create(title="Interim chief nurse", organisation=health_board, duty=Post.Duty.LEAD_PARTNER)
    post.partnerships.set([partnership])
    both.holdings.create(post=post, from_on=date(2026, 1, 1))
    sign_off = ask(report, proof, office)
    client = client_of(both)
    url = address("sign-off-sign", sign_off.pk)
    page = text_of(client.get(url))
    assert "For which organisation?" in page and health_board.name in page
    body = {"decision": "signed", "name": "Imogen Vance", "post_title": "Interim chief nurse"}
    assert client.post(url, body).status_code == 422
    client.post(url, body | {"post": post.pk})
    assert ReportSignature.objects.get().organisation == health_board


def test_a_lead_asks_for_changes_in_words_and_can_sign_later(client_of, sign_off, council, council_lead):
    client = client_of(council_lead)
    url = address("sign-off-sign", sign_off.pk)
    body = {
        "post": council_lead.holdings.get().post.pk,
        "decision": "changes",
        "name": "Imogen Vance",
        "post_title": "Chief executive",
    }
    refused = client.post(url, body)
    assert refused.status_code == 422 and "Enter what has to change" in text_of(refused)
    client.post(url, body | {"words": "Section 3 blames one agency."})
    assert "Section 3 blames one agency." in text_of(client.get(sign_off.get_absolute_url()))
    assert due_of(council_lead) != []
    signs(sign_off, council_lead, council)
    [seat] = [each for each in signing.seats_of(sign_off, on=TODAY) if each.organisation == council]
    assert (seat.signature is not None, len(seat.asked), seat.waits_for_changes) == (True, 1, False)


def test_signing_twice_is_one_signature_and_a_signature_is_not_taken_back(sign_off, council, council_lead):
    first = signs(sign_off, council_lead, council)
    assert signs(sign_off, council_lead, council) == first
    with pytest.raises(NotNow, match="has signed for"):
        signs(sign_off, council_lead, council, decision="changes", words="On second thoughts")
    assert ReportSignature.objects.count() == 1


def test_the_office_keeps_a_signature_given_at_a_meeting(client_of, office, sign_off, health_board):
    client = client_of(office)
    url = address("sign-off-record", sign_off.pk)
    body = {
        "organisation": health_board.pk,
        "name": "Priya Nandakumar",
        "post_title": "Chief nurse",
        "words": "Executive, 12 January, item 4",
        **typed("signed_on", TODAY),
    }
    tomorrow = client.post(url, body | typed("signed_on", TODAY + timedelta(days=1)))
    before_it_was_made = client.post(url, body | typed("signed_on", date(2026, 12, 1)))
    nowhere = client.post(url, body | {"words": ""})
    assert [each.status_code for each in (tomorrow, before_it_was_made, nowhere)] == [422] * 3
    assert ReportSignature.objects.count() == 0
    client.post(url, body)
    signature = ReportSignature.objects.get()
    assert (signature.organisation, signature.recorded_by, signature.words) == (
        health_board,
        office,
        "Executive, 12 January, item 4",
    )


def test_what_changed_since_the_version_they_saw_last_is_one_press_away(report, office, sign_off, client_of, advisor):
    assert signing.seen_before(sign_off) is None
    unseen = made(report, office)
    newest = made(report, office)
    again = ask(report, newest, office, because="A total was wrong.")
    assert (signing.seen_before(again), unseen.number, newest.number) == (1, 2, 3)
    compare = f"{address('version-compare', report.pk)}?from=1&amp;to=3"
    assert compare in text_of(client_of(advisor).get(again.get_absolute_url()))


def test_a_version_that_members_saw_is_the_one_to_compare_with(report, office, proof, council_lead):
    ReportConsultationFactory(report=report, build=proof)
    again = ask(report, made(report, office), office)
    assert signing.seen_before(again) == 1


# Telling


def test_the_office_is_told_once_when_all_have_signed(
    sign_off, council, council_lead, health_board, health_lead, office
):
    signs(sign_off, council_lead, council)
    assert (signing.tell_waiting(at=NOW), mail.outbox) == (0, [])
    signs(sign_off, health_lead, health_board)
    assert (signing.tell_waiting(at=NOW), signing.tell_waiting(at=NOW)) == (1, 0)
    assert [message.to for message in mail.outbox] == [[office.email]]
    assert "every statutory partner has signed version 1" in mail.outbox[0].body


def test_who_signed_what_is_withdrawn_is_told_once_and_nobody_else(sign_off, council, council_lead, health_lead):
    signs(sign_off, council_lead, council)
    signing.withdraw(sign_off, because="A total was wrong.", at=NOW)
    assert (signing.tell_waiting(at=NOW), signing.tell_waiting(at=NOW)) == (1, 0)
    [message] = mail.outbox
    assert message.to == [council_lead.email] and "A total was wrong." in message.body


# Publishing


def manifest_of(report):
    report.refresh_from_db()
    return report.published_file.manifest


def test_what_everybody_signed_is_published_with_their_names(
    report, proof, sign_off, office, council, council_lead, health_board, health_lead
):
    for person, organisation in ((council_lead, council), (health_lead, health_board)):
        signs(sign_off, person, organisation)
    published = publish_report(report, build=proof, by=office, at=NOW)
    assert published.manifest["signatures"] == [
        {
            "organisation": organisation.name,
            "name": person.name,
            "post_title": "Chief executive",
            "signed": "12 January 2027",
        }
        for person, organisation in ((council_lead, council), (health_lead, health_board))
    ]
    assert (published.manifest["version"], published.manifest["published_without"]) == (1, None)


def test_without_a_signature_it_is_published_with_a_reason_that_everybody_reads(
    report, proof, sign_off, office, council, council_lead, health_board, client_of, partnership
):
    signs(sign_off, council_lead, council)
    client = client_of(office)
    url = address("report-publish", report.pk)
    page = text_of(client.get(url))
    assert f"{health_board.name} has not signed this version." in page
    refused = client.post(url, {"build": proof.pk, "without": ""})
    assert (refused.status_code, PublishedFile.objects.count()) == (422, 0)
    client.post(url, {"build": proof.pk, "without": "The post was vacant."})
    manifest = manifest_of(report)
    assert manifest["published_without"] == {"organisations": [health_board.name], "because": "The post was vacant."}
    assert [each["organisation"] for each in manifest["signatures"]] == [council.name]
    public = text_of(client_of(None).get(address("public-report", partnership.slug, report.pk)))
    assert "Imogen Vance" in public and "The post was vacant." in public
    inside = text_of(client.get(address("version-list", report.pk)))
    assert "Imogen Vance" in inside and "The post was vacant." in inside


def test_a_signature_under_another_version_counts_for_nothing(
    report, sign_off, office, council, council_lead, health_board, health_lead
):
    for person, organisation in ((council_lead, council), (health_lead, health_board)):
        signs(sign_off, person, organisation)
    newer = made(report, office)
    with pytest.raises(CannotPublish, match="Not every statutory partner"):
        publish_report(report, build=newer, by=office, at=NOW)
    publish_report(report, build=newer, by=office, at=NOW, without="Signed at the meeting of 4 January.")
    assert manifest_of(report)["signatures"] == []


def test_a_pdf_that_was_made_again_for_nothing_takes_no_signature_away(
    report, proof, sign_off, office, council, council_lead, health_board, health_lead, client_of
):
    for person, organisation in ((council_lead, council), (health_lead, health_board)):
        signs(sign_off, person, organisation)
    made(report, office)
    client = client_of(office)
    url = address("report-publish", report.pk)
    offered = client.get(url).context["build"]
    assert offered == proof
    client.post(url, {"build": offered.pk})
    assert len(manifest_of(report)["signatures"]) == 2


def test_a_refusal_to_publish_keeps_what_was_typed(report, proof, council, office, client_of, past_update):
    past_update.difference_made = "Another word."
    past_update.save()
    response = client_of(office).post(
        address("report-publish", report.pk), {"build": proof.pk, "without": "The post was vacant."}
    )
    page = text_of(response)
    assert response.status_code == 422
    assert "has changed since this proof was made" in page and "The post was vacant." in page


def test_signed_and_changed_since_is_not_published(
    report, proof, sign_off, office, council, council_lead, health_board, health_lead, past_update
):
    for person, organisation in ((council_lead, council), (health_lead, health_board)):
        signs(sign_off, person, organisation)
    past_update.difference_made = "Another word."
    past_update.save()
    with pytest.raises(CannotPublish, match="has changed since"):
        publish_report(report, build=proof, by=office, at=NOW)


def test_after_publication_nothing_is_signed_or_withdrawn(report, proof, sign_off, office, council, council_lead):
    publish_report(report, build=proof, by=office, at=NOW, without="Vacant.")
    with pytest.raises(NotNow, match="published already"):
        signs(sign_off, council_lead, council)
    with pytest.raises(NotNow, match="what was signed stands"):
        signing.withdraw(sign_off, because="Too late", at=NOW)


def test_a_new_edition_is_signed_anew(report, proof, sign_off, office, council, council_lead):
    signs(sign_off, council_lead, council)
    publish_report(report, build=proof, by=office, at=NOW, without="Vacant.")
    report.refresh_from_db()
    edition = start_edition(report, changes="A total was wrong.")
    assert signing.open_sign_off(edition) is None
    with pytest.raises(CannotPublish, match="Not every statutory partner"):
        publish_report(edition, build=made(edition, office), by=office, at=NOW)


# What is missing


def test_what_is_missing_says_whose_signature_and_who_can_mend_it(
    report, proof, office, council, council_lead, health_board, health_lead
):
    def lacks():
        return [(each.what, each.who, each.url) for each in signing.lacks_of_sign_off(report, on=TODAY)]

    [(what, who, url)] = lacks()
    assert what == "The lead safeguarding partners have not been asked to sign (2 organisations)"
    assert (who, url) == ("Business office", address("sign-off-ask", report.pk))
    sign_off = ask(report, proof, office)
    url = sign_off.get_absolute_url()
    waiting = (f"The signature of {health_board}", "Priya Nandakumar, Chief nurse", url)
    assert lacks() == [(f"The signature of {council}", "Imogen Vance, Chief executive", url), waiting]
    signs(sign_off, council_lead, council, decision="changes", words="Section 3.")
    assert lacks() == [(f"What {council} asks to be changed before it signs", "Business office", url), waiting]
    signs(sign_off, council_lead, council)
    signs(sign_off, health_lead, health_board)
    assert lacks() == []


# Guards


@pytest.mark.parametrize("way", ["save", "update", "delete"])
def test_a_signature_is_changed_by_no_way(sign_off, council, council_lead, way):
    signature = signs(sign_off, council_lead, council)

    def change():
        if way == "save":
            signature.name = "Somebody else"
            signature.save()
        elif way == "update":
            ReportSignature.objects.update(signed_on=date(2026, 1, 1))
        else:
            ReportSignature.objects.all()._raw_delete("default")

    with pytest.raises(InternalError, match="Cannot update or delete rows"), transaction.atomic():
        change()
    with signature_guard_off():
        change()
    assert list(ReportSignature.objects.values_list("name", "signed_on")) != [(council_lead.name, TODAY)]


def signature_guard_off():
    return pgtrigger.ignore("assurance.ReportSignature:signature_is_forever")


@pytest.mark.parametrize("partners", [1, 3])
def test_the_page_of_a_sign_off_asks_as_often_for_three_partners_as_for_one(
    client_of, office, partnership, report, quick_pdf, health_lead, partners, django_assert_num_queries
):
    for number in range(partners - 1):
        organisation = OrganisationFactory(name=f"Council {number}")
        MembershipFactory(organisation=organisation, partnership=partnership, role=Membership.Role.STATUTORY)
        leads(f"Lead {number}", "Chief executive", partnership, organisation)
    sign_off = ask(report, made(report, office), office)
    client = client_of(office)
    client.get(sign_off.get_absolute_url())
    with django_assert_num_queries(21):
        client.get(sign_off.get_absolute_url())
