"""Rows of schools in two areas, and a survey that runs in each: most have answered, some are silent."""

from datetime import timedelta

from assurance.models import Scale, School, SchoolMail, SchoolQuestion
from assurance.sample import schools as content
from assurance.schools.answering import Typed, save_all, submit
from assurance.schools.surveys import add_question, excuse, make_survey, send_survey
from partnership.models import Area
from partnership.working_days import this_or_next_working_day

SENT, DUE = -25, 9  # days from today


def load_schools(cast):
    load_register(cast)
    for partnership in cast.both:
        load_survey(cast, partnership)


def load_register(cast):
    areas = {area.name: area for area in Area.objects.all()}
    School.objects.bulk_create(school_of(n, row, areas, cast) for n, row in enumerate(content.SCHOOLS))


def school_of(number, row, areas, cast):
    name, area, phase, kind, trust, head, chair, has_email = row
    web = "".join(sign for sign in name.lower() if sign.isascii() and sign.isalpha())
    return School(
        urn=content.FIRST_URN + number,
        name=name,
        area=areas[area],
        phase="" if phase == "Not applicable" else phase,
        kind=kind,
        trust=trust,
        street=f"{number + 2} {content.STREETS[number % len(content.STREETS)]}",
        town=area,
        postcode=f"{area[0]}V{number % 9 + 1} {number % 8 + 1}QX",
        telephone=f"01632 960{number:03}",
        head_name=head,
        head_email=f"head@{web}.example" if has_email else "",
        chair_name=chair,
        chair_email=f"chair@{web}.example" if chair else "",
        listed_on=cast.calendar.day(SENT - 10),
    )


def load_survey(cast, partnership):
    day, manager = cast.calendar.day, cast.holders["manager"]
    year = day(0).year
    survey = make_survey(
        partnership=partnership,
        title=content.TITLE.format(year=year, next=year + 1),
        due_on=this_or_next_working_day(day(DUE)),
        introduction=content.INTRODUCTION,
    )
    scale = Scale.objects.get(partnership=None, name="0 to 3")
    for section, kind, text, guidance, is_required in content.QUESTIONS:
        question = SchoolQuestion(section=section, kind=kind, text=text, guidance=guidance, is_required=is_required)
        question.scale = scale if kind == SchoolQuestion.Kind.SCORE else None
        add_question(survey, question)
    sent_at = cast.calendar.moment(day(SENT))
    send_survey(survey, by=manager, at=sent_at, on=day(SENT))
    SchoolMail.objects.filter(record__survey=survey).update(claimed_at=sent_at, sent_at=sent_at)
    questions = list(survey.questions.select_related("scale"))
    for number, record in enumerate(survey.returns.select_related("school").order_by("school__urn")):
        if record.school.name == content.EXCUSED[0]:
            excuse(record, because=content.EXCUSED[1], on=day(SENT + 9))
        elif number % content.ANSWERED_EACH not in (1, 3) and record.school.head_email:
            answer(record, questions, number, at=sent_at + timedelta(days=2 + number % 20))


def answer(record, questions, number, *, at):
    typed = []
    for question, answers in zip(questions, content.ANSWERS, strict=True):
        said = answers[number % len(answers)]
        is_words = question.kind == SchoolQuestion.Kind.TEXT
        typed.append(Typed(question, "" if is_words else said, said if is_words else "", 0))
    save_all(record, typed, at=at)
    head = record.school.head_name
    submit(record, answered_by=f"{head}, head" if head else f"The {content.WHO}", at=at)
