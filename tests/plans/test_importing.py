"""From a document to a plan: staged, shown to the office alone, made once by its yes."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from partnership.models import Document, Post
from plans.correcting import draft_of
from plans.importing import LeadFinder, confirm_import, unknown_leads
from plans.models import Activity, Milestone, Plan, PlanImport
from tests.factories import PostFactory

UNDERSTOOD = {
    "plan": {
        "title": "Plan of both valleys",
        "period_start": "2027-04-01",
        "period_end": "2028-03-31",
        "version": "v2.1",
        "context": "Why we do this.",
        "cross_cutting": [{"title": "Listening to families", "note": "In everything we do."}],
        "priorities": [
            {
                "ref": "1",
                "title": "Babies",
                "rationale": ["Most harm comes early."],
                "outcomes_heading": "What will be different",
                "outcomes": ["Babies are safe."],
                "deliverables": [
                    {
                        "ref": "1",
                        "title": "A briefing",
                        "leads": [
                            {"partnership": "AV", "text": "Chair of Learning and Development Subgroup"},
                            {"partnership": "MB", "text": "Whoever is free"},
                        ],
                        "other_partnerships": ["Adults boards"],
                        "evidence_measures": ["Nine of ten read it"],
                        "activities": [
                            {
                                "text": "Write it",
                                "timescale_text": "June and Sept 2027",
                                "kind": "dates",
                                "dates": [{"due": "2027-06-30", "label": ""}, {"due": "2027-09-30", "label": ""}],
                            },
                            {"text": "Keep it current", "timescale_text": "ongoing", "kind": "continuous", "dates": []},
                        ],
                    }
                ],
            }
        ],
    },
    "doubts": [{"at": "priorities/0/deliverables/0/leads/1", "says": "We do not know this post."}],
    "notes": ["A list of acronyms"],
}


@pytest.fixture
def staged(partnership, other_partnership, rating_key, office):
    """A document that was read and waits for a yes."""
    staged = PlanImport.objects.create(
        document=Document.keep(filename="plan.docx", content=b"as it came", by=office),
        understood=UNDERSTOOD,
        created_by=office,
    )
    staged.partnerships.set([partnership, other_partnership])
    return staged


def confirm(client, staged):
    return client.post(reverse("plans:import-confirm", args=[staged.pk]))


def test_a_second_yes_gives_the_same_plan(client_of, office, staged):
    client = client_of(office)
    answers = [confirm(client, staged), confirm(client, staged)]
    plan = Plan.objects.get()
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, plan.get_absolute_url())] * 2
    staged.refresh_from_db()
    assert staged.plan == plan
    assert client.get(staged.get_absolute_url()).url == plan.get_absolute_url()


def test_nothing_of_the_document_is_lost_on_the_way(office, staged, partnership, other_partnership):
    plan = confirm_import(staged, by=office)
    assert (plan.title, plan.starts_on, plan.ends_on, plan.version, plan.introduction, plan.status) == (
        "Plan of both valleys",
        date(2027, 4, 1),
        date(2028, 3, 31),
        "2.1",
        "Why we do this.",
        "draft",
    )
    assert set(plan.partnerships.all()) == {partnership, other_partnership}
    assert list(plan.priorities.values_list("ref", "title", "note", "is_cross_cutting")) == [
        ("", "Listening to families", "In everything we do.", True),
        ("1", "Babies", "", False),
    ]
    babies = plan.priorities.get(ref="1")
    assert [item.text for item in babies.rationale.all()] == ["Most harm comes early."]
    assert [statement.text for statement in babies.outcomes.all()] == ["Babies are safe."]
    deliverable = babies.deliverables.get()
    assert (deliverable.full_ref, deliverable.title, deliverable.other_partnerships, deliverable.evidence_measures) == (
        "1.1",
        "A briefing",
        "Adults boards",
        "Nine of ten read it",
    )
    assert list(Activity.objects.values_list("text", "timescale_text", "timescale_kind").order_by("position")) == [
        ("Write it", "June and Sept 2027", "dates"),
        ("Keep it current", "ongoing", "continuous"),
    ]
    assert list(Milestone.objects.values_list("due_on", flat=True).order_by("due_on")) == [
        date(2027, 6, 30),
        date(2027, 9, 30),
    ]


def test_leads_are_linked_only_where_the_words_are_exactly_a_name(office, staged, learning_group, partnership):
    assert unknown_leads(staged.partnerships.all(), draft_of(staged).deliverables) == ["Whoever is free"]
    plan = confirm_import(staged, by=office)
    assert list(plan.leads().order_by("position").values_list("partnership__short_name", "text", "group", "post")) == [
        ("AV", "Chair of Learning and Development Subgroup", learning_group.pk, None),
        ("MB", "Whoever is free", None, None),
    ]


@pytest.mark.parametrize(
    "words",
    [
        "Learning and Development Subgroup",
        "learning & development  subgroup",
        "Chair of Learning and Development Subgroup",
        "Chair of the Learning and Development Subgroup",
        "Learning and Development Subgroup Chair",
        "Chair, Learning and Development Subgroup",
    ],
)
def test_a_group_is_known_by_its_name_and_by_its_chair(partnership, learning_group, words):
    assert LeadFinder([partnership]).find(words) == {"group": learning_group}


@pytest.mark.parametrize("words", ["Learning and Development", "All subgroups", "Chair", ""])
def test_nobody_is_asked_on_a_guess(partnership, learning_group, words):
    assert LeadFinder([partnership]).find(words) == {}


def test_a_post_is_known_by_its_title_and_another_partnerships_is_not(partnership, far_partnership):
    ours = PostFactory(title="Head of Early Help", partnerships=[partnership])
    PostFactory(title="Head of Housing", partnerships=[far_partnership])
    finder = LeadFinder([partnership])
    assert finder.find(str(Post.objects.get(pk=ours.pk))) == {"post": ours}
    assert finder.find("Head of Housing") == {}


def test_only_the_office_of_its_partnerships_knows_a_staged_import(
    client_of, staged, office, stranger, chair, partner, advisor
):
    seen = {
        person.name: (
            client_of(person).get(staged.get_absolute_url()).status_code,
            confirm(client_of(person), staged).status_code,
        )
        for person in [stranger, chair, partner, advisor, office]
    }
    assert seen == {
        stranger.name: (404, 404),
        chair.name: (404, 404),
        partner.name: (404, 404),
        advisor.name: (404, 404),
        office.name: (200, 302),
    }


def test_only_an_office_may_bring_a_document(client_of, office, stranger, chair, partner, partnership):
    url = reverse("plans:import-upload")
    seen = {person.name: client_of(person).get(url).status_code for person in [office, stranger, chair, partner]}
    assert seen == {office.name: 200, stranger.name: 200, chair.name: 403, partner.name: 403}


def test_nobody_brings_a_plan_for_another_office(client_of, stranger, partnership, far_partnership):
    response = bring(client_of(stranger), b"anything", partnership)
    assert (response.status_code, PlanImport.objects.count()) == (422, 0)
    assert "partnerships" in response.context["form"].errors


def bring(client, content, *partnerships, name="plan.docx"):
    return client.post(
        reverse("plans:import-upload"),
        {"document": SimpleUploadedFile(name, content), "partnerships": [each.pk for each in partnerships]},
    )


@pytest.mark.parametrize(
    "content", [b"not a Word document", b"PK\x03\x04 broken", b"%PDF-1.7"], ids=["text", "zip", "pdf"]
)
def test_an_unreadable_document_says_so_on_the_form_and_is_not_kept(client_of, office, partnership, content):
    response = bring(client_of(office), content, partnership)
    assert response.status_code == 422
    [problem] = response.context["form"].errors["document"]
    assert problem.endswith(".")
    assert problem in response.content.decode().replace("&#x27;", "'")
    assert (PlanImport.objects.count(), Document.objects.count(), Plan.objects.count()) == (0, 0, 0)
