"""An organisation's pack: all that it said and was told, for one year or several, for itself and for the office."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from tablib import Dataset

from assurance.heat_map_cells import Cells
from assurance.models import Improvement, PractitionerSurvey, Return, ReturnEvidence, ScrutinyResponse
from assurance.models.timetable import year_of
from assurance.practitioners import findings_of
from assurance.self_scores import SelfScores, SetFamily
from partnership.house_style import FALLBACK, darkened, house_colours
from partnership.panels import Panel
from partnership.pdf import render_pdf
from partnership.standing import standing_of
from partnership.templatetags.components import long_date

FONTS = Path(settings.BASE_DIR) / "static" / "build" / "fonts"


@dataclass(frozen=True)
class Pack:
    """``years``: those there are, the latest first; ``chosen``: those that it holds."""

    organisation: object
    years: list
    chosen: list
    returns: list
    surveys: list
    colour: str
    made: str


def may_have_pack(user, organisation):
    """The organisation itself, and the office of a partnership of which it is or was a member."""
    standing = standing_of(user)
    return organisation.pk in standing.organisation_ids or bool(standing.office_ids & organisation.partnership_ids)


LATEST = 3  # returns that an organisation's page names


def organisation_panel(organisation, user, *, on):
    """On an organisation's page: what it submitted last, and the way to its pack. Two queries; None for others."""
    if not may_have_pack(user, organisation):
        return None
    found = Return.objects.visible_to(user).filter(organisation=organisation).exclude(submitted_at=None)
    values = {
        "returns": found.select_related("request").order_by("-submitted_at", "pk")[:LATEST],
        "pack_url": reverse("assurance:organisation-pack", args=[organisation.pk]),
    }
    return Panel("assurance/organisation_panel.html", values)


def pack_of(user, organisation, *, years, on):
    """The Pack of ``years`` (none: all), of submitted returns that ``user`` may see."""
    found = Return.objects.visible_to(user).filter(organisation=organisation).exclude(submitted_at=None)
    found = found.select_related("request__standards__scale").prefetch_related("request__partnerships")
    returns = list(found.order_by("-request__due_on", "request__title", "pk"))
    there = sorted({year_of(record.request.due_on) for record in returns}, reverse=True)
    chosen = [year for year in there if year in years] or there
    returns = [record for record in returns if year_of(record.request.due_on) in chosen]
    partnerships = [each for record in returns for each in record.request.partnerships.all()]
    return Pack(
        organisation=organisation,
        years=there,
        chosen=chosen,
        returns=told_of(user, returns),
        surveys=surveys_of(user, organisation, returns, on=on),
        colour=partnerships[0].house_colour if partnerships else FALLBACK,
        made=long_date(on),
    )


def told_of(user, returns):
    """Each return as plain values: questions, standards, improvements, what it was told."""
    keys = {record.pk for record in returns}
    evidence = evidence_of(keys)
    answers = answers_of(keys)
    improvements = improvements_of(keys)
    responses = {}
    told = ScrutinyResponse.objects.visible_to(user).filter(scrutiny__record__in=returns).latest()
    for response in told.select_related("scrutiny__partnership", "level").order_by("sent_at"):
        responses.setdefault(response.scrutiny.record_id, []).append(
            {
                "partnership": response.scrutiny.partnership.name,
                "level": response.level.word,
                "text": response.text,
                "sent": long_date(response.sent_at),
            }
        )
    standards = standards_of(user, returns, evidence, improvements)
    questions = questions_of(returns, answers, evidence)
    return [
        {
            "title": record.request.title,
            "year": year_of(record.request.due_on),
            "asked_by": ", ".join(each.name for each in record.request.partnerships.all()),
            "submitted": long_date(record.submitted_at),
            "signed_off_by": record.signed_off_by,
            "questions": questions[record.pk],
            "standards": standards.get(record.pk, []),
            "responses": responses.get(record.pk, []),
        }
        for record in returns
    ]


def evidence_of(keys):
    """{(return, "question" or "standard", its key): labels}."""
    found = {}
    rows = ReturnEvidence.objects.filter(record__in=keys, removed_at=None).order_by("added_at")
    for record, question, standard, label in rows.values_list("record", "question", "standard", "label"):
        key = ("question", question) if question else ("standard", standard)
        found.setdefault((record, *key), []).append(label)
    return found


def answers_of(keys):
    """{return: {a question, or the one it was copied from: (words, the question answered)}}."""
    found = {}
    rows = Return.objects.filter(pk__in=keys).order_by()
    columns = ("pk", "answers__question", "answers__question__asked_from", "answers__text")
    for record, question, asked_from, text in rows.filter(answers__isnull=False).values_list(*columns):
        said = found.setdefault(record, {})
        said[question] = (text, question)
        if asked_from:
            said["set", asked_from] = (text, question)
    return found


def questions_of(returns, answers, evidence):
    """{return: [a question with its answer]}."""
    found = {}
    for record in returns:
        said, rows = answers.get(record.pk, {}), []
        for question in record.request.questions.all():
            words, answered = said.get(question.pk) or said.get(("set", question.asked_from_id)) or ("", question.pk)
            labels = evidence.get((record.pk, "question", answered), [])
            rows.append({"text": question.text, "answer": words, "evidence": labels})
        found[record.pk] = rows
    return found


def improvements_of(keys):
    """{assessment: what the organisation promised}."""
    found = {}
    for each in Improvement.objects.filter(assessment__record__in=keys).order_by("due_on", "pk"):
        found.setdefault(each.assessment_id, []).append(
            {
                "text": each.text,
                "lead": each.lead,
                "due_on": each.due_on,
                "due": long_date(each.due_on),
                "done_on": each.done_on,
                "done": long_date(each.done_on),
                "outcome": each.outcome,
            }
        )
    return found


def standards_of(user, returns, evidence, improvements):
    """{return: [a standard with its score, what a panel made of it, evidence and improvements]}."""
    found, families = {}, []
    for record in returns:
        standard_set = record.request.standards
        if standard_set is None:
            continue
        family = next((each for each in families if standard_set.pk in each[0].sets), None)
        if family is None:
            read = SetFamily(user, standard_set)
            own = [each for each in returns if each.request.standards_id in read.sets]
            scores = SelfScores(own, read, partnership_ids=standing_of(user).partnership_ids)
            families.append(family := (read, scores, scores.words()))
        read, scores, words = family
        cells = Cells(standard_set.scale, standard_set.scale.points.all())
        said, rows = scores.of(record), []
        for standard in read.of_set[standard_set.pk]:
            each = said[read.roots[standard.pk]]
            spoken = words.get(each.assessment_id, {})
            rows.append(
                {
                    "code": standard.code,
                    "text": standard.text,
                    "section": standard.section,
                    "own": own_words(each, cells),
                    "moderated": score_words(each.score, each.is_not_applicable, cells) if each.is_moderated else "",
                    "said": spoken.get("evidence", ""),
                    "reason": spoken.get("reason", ""),
                    "evidence": evidence.get((record.pk, "standard", spoken.get("standard", standard.pk)), []),
                    "improvements": improvements.get(each.assessment_id, []),
                }
            )
        found[record.pk] = rows
    return found


def own_words(said, cells):
    if said.is_moderated:
        return score_words(said.own_score, said.own_is_not_applicable, cells)
    return score_words(said.score, said.is_not_applicable, cells)


def score_words(score, is_not_applicable, cells):
    if is_not_applicable:
        return "Does not apply"
    return "Not answered" if score is None else cells.score_in_words(score)


def surveys_of(user, organisation, returns, *, on):
    """What practitioners of the organisation said beside these returns, of surveys that are closed."""
    surveys = PractitionerSurvey.objects.filter(
        request__in=[record.request_id for record in returns],
        partnership__in=standing_of(user).partnership_ids,
        closes_on__lt=on,
    )
    found = []
    for survey in surveys.select_related("request__standards__scale"):
        for told in findings_of(survey, user, on=on, organisation_ids=[organisation.pk]):
            found.append(
                {
                    "title": survey.title,
                    "closed": long_date(survey.closes_on),
                    "reply_count": told.reply_count,
                    "findings": [
                        {
                            "statement": each.statement.text,
                            "agree": f"{each.agree_count} of {each.count}" if each.is_shown else "Fewer than five said",
                            "gap": each.gap,
                        }
                        for each in told.findings
                    ],
                    "comments": told.comments,
                }
            )
    return found


# To take away


def make_pdf(pack):
    """The pack as a ``Pdf``. Raises PdfProblem."""
    house = house_colours(darkened(pack.colour or FALLBACK))
    assets = {
        "pack.css": render_to_string("assurance/print/organisation_pack.css", {"house": house}).encode(),
        **{f"fonts/{path.name}": path.read_bytes() for path in sorted(FONTS.glob("*.woff2"))},
    }
    return render_pdf(render_to_string("assurance/print/organisation_pack.html", {"pack": pack}), assets=assets)


def sheets_of(pack):
    """The pack as the sheets of a workbook."""
    answers = Dataset(headers=["Year", "Return", "Question", "Answer", "Evidence"], title="Answers")
    scores = [
        "Year",
        "Return",
        "Code",
        "Standard",
        "Own score",
        "Moderated",
        "Evidence",
        "Why it does not apply",
        "Files",
    ]
    standards = Dataset(headers=scores, title="Standards")
    promised = ["Year", "Code", "Improvement", "Who does it", "By when", "Done", "What came of it"]
    improvements = Dataset(headers=promised, title="Improvements")
    responses = Dataset(headers=["Year", "Return", "From", "Judgement", "Response", "On"], title="Responses")
    practitioners = Dataset(headers=["Survey", "Statement", "Agree", "Gap"], title="Practitioners")
    for record in pack.returns:
        head = [record["year"], record["title"]]
        for each in record["questions"]:
            answers.append([*head, each["text"], each["answer"], ", ".join(each["evidence"])])
        for each in record["standards"]:
            told = (each[name] for name in ("code", "text", "own", "moderated", "said", "reason"))
            standards.append([*head, *told, ", ".join(each["evidence"])])
            for one in each["improvements"]:
                told = (one[name] for name in ("text", "lead", "due_on", "done_on", "outcome"))
                improvements.append([record["year"], each["code"], *told])
        for each in record["responses"]:
            responses.append([*head, *(each[name] for name in ("partnership", "level", "text", "sent"))])
    for survey in pack.surveys:
        for each in survey["findings"]:
            practitioners.append([survey["title"], each["statement"], each["agree"], each["gap"]])
    return [answers, standards, improvements, responses, practitioners]
