"""Whether an outcome is so yet: judged each round, with how we know, and plainly where nobody has said so."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from plans.models import Evidence, OutcomeJudgement
from plans.outcomes import add_evidence, judge_outcome
from tests.factories import OutcomeStatementFactory, PriorityFactory, UpdateFactory
from tests.plans.test_plan_page import count_queries

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
PDF = b"%PDF-1.7 an audit"


@pytest.fixture
def outcome(plan):
    """Babies are safe in their first year."""
    return plan.priorities.get(position=1).outcomes.get()


def address(verb, outcome):
    return reverse(f"plans:outcome-{verb}", args=[outcome.pk])


def judge(outcome, round, by, level="partly", words="14 of 20 families have a plan."):
    return judge_outcome(outcome, round=round, by=by, at=NOW, level=level, words=words)


def test_scrutiny_and_the_office_judge_and_others_read(
    client_of, outcome, round_open, scrutiny_chair, office, partner, stranger
):
    answers = {"round": round_open.pk, "level": "partly", "words": "14 of 20 families have a plan."}
    url = address("judge", outcome)
    assert [client_of(who).post(url, answers).status_code for who in (partner, stranger)] == [403, 403]
    assert client_of(scrutiny_chair).post(url, answers).status_code == 302
    judgement = OutcomeJudgement.objects.get()
    assert (judgement.outcome, judgement.round, judgement.level, judgement.words, judgement.judged_by) == (
        outcome,
        round_open,
        "partly",
        "14 of 20 families have a plan.",
        scrutiny_chair,
    )
    page = client_of(partner).get(address("detail", outcome)).content.decode()
    assert "Partly shown" in page and "14 of 20 families have a plan." in page
    assert client_of(stranger).get(address("detail", outcome)).status_code == 403


def test_a_later_judgement_supersedes_and_the_first_stays_to_be_read(
    client_of, outcome, round_open, scrutiny_chair, office
):
    first = judge(outcome, round_open, scrutiny_chair)
    second = judge(outcome, round_open, office, level="shown", words="All 20 have one.")
    first.refresh_from_db()
    assert (first.superseded_by, list(outcome.judgements.current())) == (second, [second])
    page = client_of(office).get(address("detail", outcome)).content.decode()
    assert "All 20 have one." in page and "14 of 20 families have a plan." in page


def test_pressed_twice_is_one_judgement(client_of, outcome, round_open, scrutiny_chair):
    answers = {"round": round_open.pk, "level": "partly", "words": "14 of 20."}
    client = client_of(scrutiny_chair)
    assert [client.post(address("judge", outcome), answers).status_code for _press in range(2)] == [302, 302]
    assert OutcomeJudgement.objects.count() == 1


def test_two_who_judge_at_once_see_both_judgements(client_of, outcome, round_open, scrutiny_chair, office):
    client, url = client_of(office), address("judge", outcome)
    shown = client.get(url).context["form"]["last"].value()
    judge(outcome, round_open, scrutiny_chair)
    answers = {"round": round_open.pk, "level": "shown", "words": "All of them.", "last": shown}
    refused = client.post(url, answers)
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "Ruth Adeyinka-Cole has judged this round already: partly shown" in page and "All of them." in page
    again = {**answers, "last": refused.context["form"]["last"].value()}
    assert client.post(url, again).status_code == 302
    assert OutcomeJudgement.objects.current().get().words == "All of them."


@pytest.mark.parametrize(
    ("answers", "errors"),
    [
        ({}, ["level", "words"]),
        ({"level": "very", "words": "x"}, ["level"]),
        ({"level": "partly", "words": "x" * 1_000_000}, ["words"]),
        ({"level": "partly", "words": "x\x00"}, ["words"]),
    ],
)
def test_bad_input_says_what_to_do_and_changes_nothing(client_of, outcome, round_open, office, answers, errors):
    refused = client_of(office).post(address("judge", outcome), {"round": round_open.pk} | answers)
    assert (refused.status_code, sorted(refused.context["form"].errors)) == (422, errors)
    assert OutcomeJudgement.objects.count() == 0


def test_a_round_of_another_plan_is_refused(client_of, outcome, round_open, office):
    from_elsewhere = {"round": 10**9, "level": "partly", "words": "x"}
    refused = client_of(office).post(address("judge", outcome), from_elsewhere)
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["round"])


def test_what_a_lead_said_is_quoted_by_one_press(client_of, outcome, past_update, scrutiny_chair):
    client, url = client_of(scrutiny_chair), address("judge", outcome)
    assert "Plans were in place in 14 of 20 cases." in client.get(url).content.decode()
    typed = {"round": past_update.round_id, "level": "partly", "words": "Better.", "quote": past_update.pk}
    page = client.post(url, typed)
    form = page.context["form"]
    assert (page.status_code, form["words"].value(), form["level"].value()) == (
        200,
        "Better.\n“Plans were in place in 14 of 20 cases.” (1.1, Delia Marchetti)",
        "partly",
    )
    assert OutcomeJudgement.objects.count() == 0


def test_words_of_another_plan_are_not_quoted(client_of, outcome, round_open, scrutiny_chair):
    elsewhere = UpdateFactory(difference_made="Secret", submitted_by=scrutiny_chair)
    typed = {"round": round_open.pk, "words": "Mine.", "quote": elsewhere.pk}
    page = client_of(scrutiny_chair).post(address("judge", outcome), typed)
    assert page.context["form"]["words"].value() == "Mine."


# Evidence


def test_evidence_is_a_file_or_a_link_that_its_people_can_fetch(
    client_of, outcome, round_open, office, partner, stranger
):
    client, url = client_of(office), address("evidence-add", outcome)
    upload = SimpleUploadedFile("audit.pdf", PDF)
    assert client.post(url, {"label": "The audit", "upload": upload, "round": round_open.pk}).status_code == 302
    link = {"label": "The page", "address": "https://example.org/audit", "round": round_open.pk}
    assert client.post(url, link).status_code == 302
    file, page = Evidence.objects.order_by("added_at")
    fetch = reverse("plans:evidence-file", args=[file.pk])
    fetched = client_of(partner).get(fetch)
    assert (fetched.content, fetched["Content-Disposition"]) == (PDF, 'attachment; filename="audit.pdf"')
    assert client_of(stranger).get(fetch).status_code == 404
    assert client_of(partner).get(reverse("plans:evidence-file", args=[page.pk])).status_code == 404
    shown = client_of(partner).get(address("detail", outcome)).content.decode()
    assert 'href="https://example.org/audit"' in shown and "The audit" in shown


@pytest.mark.parametrize(
    ("answers", "errors"),
    [
        ({"label": "Nothing"}, {"upload": ["Choose a file, or enter a link"]}),
        (
            {"label": "A script", "address": "javascript:alert(1)"},
            {"address": ["Enter a web address that starts with https://"]},
        ),
        (
            {"label": "A program", "upload": ("run.exe", b"MZ")},
            {"upload": ["This kind of file can’t be read here."]},
        ),
        (
            {"label": "Huge", "upload": ("big.pdf", b"%PDF" + b"x" * 10_500_000)},
            {"upload": ["This file is larger than 10 MB. Make it smaller, or put it where you keep files and "
                        "enter a link"]},
        ),
    ],
)  # fmt: skip
def test_evidence_that_can_not_be_kept_says_why(client_of, outcome, round_open, office, answers, errors):
    upload = answers.get("upload")
    sent = answers | ({"upload": SimpleUploadedFile(*upload)} if upload else {})
    refused = client_of(office).post(address("evidence-add", outcome), {"round": round_open.pk, **sent})
    found = refused.context["form"].errors
    begun = {name: [said[0][: len(errors.get(name, [""])[0])]] for name, said in found.items()}
    assert (refused.status_code, begun) == (422, errors)
    assert answers["label"] in refused.content.decode()
    assert Evidence.objects.count() == 0


def test_evidence_is_added_while_judging_and_what_was_judged_so_far_stays(
    client_of, outcome, round_open, scrutiny_chair, partner
):
    client, url = client_of(scrutiny_chair), address("judge", outcome)
    so_far = {"round": round_open.pk, "level": "partly", "words": "Half a sentence"}

    def attach(**given):
        return client.post(url, so_far | {"attach": "1", "label": "The audit"} | given)

    refused = attach()
    assert (refused.status_code, refused.context["form"]["words"].value()) == (422, "Half a sentence")
    assert "Choose a file, or enter a link" in refused.text
    for _press in range(2):
        added = attach(upload=SimpleUploadedFile("audit.pdf", PDF))
        assert (added.status_code, added.context["form"]["words"].value()) == (200, "Half a sentence")
        assert added.context["form"]["level"].value() == "partly"
    assert "Added: The audit. Your judgement is not recorded until you press" in added.text
    evidence = Evidence.objects.get()
    assert (evidence.outcome, evidence.round, evidence.added_by) == (outcome, round_open, scrutiny_chair)
    assert not OutcomeJudgement.objects.exists()
    assert client_of(partner).post(url, so_far | {"attach": "1", "label": "Mine"}).status_code == 403


def test_evidence_taken_away_is_kept_out_of_sight(client_of, outcome, round_open, office, partner):
    evidence = add_evidence(
        outcome, round=round_open, by=office, at=NOW, label="Wrong one", address="https://example.org/"
    )
    url = reverse("plans:outcome-evidence-remove", args=[evidence.pk])
    assert client_of(partner).post(url).status_code == 403
    assert client_of(office).post(url).status_code == 302
    evidence.refresh_from_db()
    assert evidence.removed_at is not None
    assert "Wrong one" not in client_of(partner).get(address("detail", outcome)).content.decode()


# Gaps and lists


def test_a_gap_is_said_plainly(client_of, outcome, round_open, scrutiny_chair, office):
    client, url = client_of(office), address("detail", outcome)
    page = client.get(url).content.decode()
    assert "Nobody has judged whether this is so yet." in page and "Nothing is attached that would show it." in page
    judge(outcome, round_open, scrutiny_chair, level="shown")
    page = client.get(url).content.decode()
    assert "It was judged shown, and nothing is attached that shows it." in page
    add_evidence(outcome, round=round_open, by=office, at=NOW, label="Audit", address="https://example.org/")
    page = client.get(url).content.decode()
    assert "nothing is attached" not in page and "Nothing is attached" not in page


def test_the_list_says_what_each_came_to_and_leaves_as_a_workbook(
    client_of, plan, outcome, round_past, round_open, scrutiny_chair, office
):
    judge(outcome, round_past, scrutiny_chair, level="not-yet", words="Six of 20.")
    judge(outcome, round_open, scrutiny_chair, level="partly", words="14 of 20.")
    add_evidence(outcome, round=round_open, by=office, at=NOW, label="Audit", address="https://example.org/")
    client, url = client_of(office), reverse("plans:outcome-list", args=[plan.pk])
    book = load_workbook(BytesIO(client.get(url, {"export": "xlsx"}).content))
    assert [[cell.value or "" for cell in row] for row in book.active.iter_rows()] == [
        ["Outcome statement", "Priority", "Is it so yet?", "Judged in", "How we know", "Evidence"],
        [
            "Babies are safe in their first year.",
            "1. Babies: a safe first year",
            "Partly shown",
            "October to December 2026",
            "14 of 20.",
            1,
        ],
        ["Neglect is noticed sooner.", "2. Seeing neglect early", "Not judged yet", "", "", ""],
    ]
    gaps = client.get(url, {"gap": "yes"})
    assert [row.record.text for row in gaps.context["table"].rows] == ["Neglect is noticed sooner."]
    assert client.get(url).context["gap_count"] == 1


def test_pages_take_as_many_queries_for_three_as_for_one(
    client_of, plan, outcome, past_update, round_past, round_open, scrutiny_chair, office, ratings
):
    client = client_of(office)
    urls = [address("detail", outcome), address("judge", outcome), reverse("plans:outcome-list", args=[plan.pk])]

    def fill(each, number):
        judge(each, round_past, scrutiny_chair, words=f"Was {number}")
        judge(each, round_open, scrutiny_chair, words=f"Is {number}")
        add_evidence(each, round=round_open, by=office, at=NOW, label="x", address=f"https://example.org/{number}")

    fill(outcome, 1)
    at_1 = [count_queries(client, url) for url in urls]
    for number in (2, 3):
        fill(outcome, number)
        fill(OutcomeStatementFactory(priority=PriorityFactory(plan=plan)), number)
        UpdateFactory(
            deliverable=past_update.deliverable.priority.deliverables.get(position=2),
            round=round_open if number == 2 else round_past,
            rating=ratings["G"],
            difference_made="More",
            submitted_by=scrutiny_chair,
        )
    assert [count_queries(client, url) for url in urls] == at_1
