"""Consultations on drafts of the annual reports: what members and a scrutiny committee said, and what was done."""

from datetime import date, timedelta

from django.db import transaction

from assurance.annual import consulting
from assurance.annual.builds import print_assets, print_html
from assurance.annual.content import content_of
from assurance.annual.cover import begin_cover, cover_content
from assurance.annual.cover_pdf import make_pdf
from assurance.annual.cover_word import make_word
from assurance.models import AnnualReport, ConsultationComment, CoverBuild, ReportBuild, ReportConsultation
from assurance.models.annual_consultations import heading_of
from assurance.printed import content_hash
from partnership.models import Organisation, User
from partnership.pdf import render_pdf
from partnership.publishing import sha256_of

Audience = ReportConsultation.Audience
CHANGED, PARTLY, NOT_CHANGED, NOTED = ConsultationComment.Result
WHOLE = 0

COMMITTEE = "Children and Families Scrutiny Committee, Ashford Vale"
ASKED_OF_MEMBERS = (
    "Is your organisation’s part told fairly?\n\n"
    "What would a parent or a young person look for in vain?\n\n"
    "Which sentence would you not defend in public?"
)
ASKED_OF_COMMITTEE = "Does the draft show what has changed for children, and where it has not?"

# What the office wrote in the cover report where the records say nothing.
WRITTEN = {
    "Background": "Two partnerships with one business office report together. The committee saw last year’s report "
    "in the autumn and asked for a draft while it could still be changed.",
    "Crime and disorder implications": "Priority 5 is shared with the community safety partnership, which sees the "
    "same figures.",
}

# (who, their organisation, position of the section, words, what was done, answer)
LAST_OF_MEMBERS = (
    (
        "Greta Holloway",
        "Lantern Family Trust",
        5,
        "Say how many of the parents we asked were fathers.",
        CHANGED,
        "One in six. The figure and what we do about it stand in section 5 now.",
    ),
    (
        "Delia Marchetti",
        "St Brannoc’s Hospital Trust",
        2,
        "Visits “sampled” sounds as if we chose them. They were every tenth.",
        CHANGED,
        "It says every tenth visit.",
    ),
    (
        "Graham Lister",
        "Millbrook Homes",
        1,
        "The sentence about housing officers in Riverside reads as if we refused. Two posts were vacant.",
        PARTLY,
        "The reason is told. That the promise was not kept stays, because families noticed.",
    ),
    (
        "Rhys Donovan",
        "Ashford Vale Constabulary",
        1,
        "Please leave out that the third post in Riverside is not filled.",
        NOT_CHANGED,
        "The Executive decided in July that every part not met is named. What you plan stands beside it.",
    ),
    (
        "Bronwen Pugh",
        "Tidewell Community Health",
        WHOLE,
        "It is the first one that my team has read to the end.",
        NOTED,
        "",
    ),
)
LAST_OF_COMMITTEE = (
    (
        1,
        "Members asked that the cost of the shared chronology be set beside what it was to save.",
        CHANGED,
        "A sentence in section 3 names both figures.",
    ),
    (
        WHOLE,
        "The committee would have liked the report before the summer recess.",
        NOT_CHANGED,
        "Figures for the year are complete in June. The next draft comes to the first meeting after that.",
    ),
    (WHOLE, "The committee thanked those who gave evidence.", NOTED, ""),
)
THIS_OF_MEMBERS = (
    ("Delia Marchetti", "St Brannoc’s Hospital Trust", 2,
     "Safe sleep is told twice, here and in the year on one page. Once is enough.", CHANGED,
     "It stands on the one page, with the figure; here only what we learned."),
    ("Graham Lister", "Millbrook Homes", 1,
     "We now send an officer to every early help meeting. Riverside can be told as done.", PARTLY,
     "It says since when. The year before is not written anew."),
    ("Yvonne Castell", "Three Rivers Probation Service", 3,
     "Little progress on adults who harm: say that the delay was the new case system, and whose it was.", None, ""),
    ("Dilys Marrow", "Harbour Lights Youth Project", WHOLE,
     "Could a page be written by the Sounding Board themselves? They have offered.", None, ""),
)  # fmt: skip


def load_consultations(cast):
    """Last year's, closed, before it was published; this year's, open. Raises PdfProblem where no PDF can be made."""
    last = AnnualReport.objects.get(starts_on=cast.calendar.reported_year)
    this = AnnualReport.objects.get(starts_on=date(last.starts_on.year + 1, last.starts_on.month, 1))
    with transaction.atomic():
        consult_on_last(cast, last)
    with transaction.atomic():
        consult_on_this(cast, this)


def consult_on_last(cast, report):
    """In the summer before it was published, by a proof that differs from what was signed later."""
    asked_on = date(report.ends_on.year, 6, 15)
    build = kept_proof(cast, report, asked_on - timedelta(days=1))
    members = opened(cast, report, build, asked_on, days=25, note=ASKED_OF_MEMBERS)
    committee = opened(
        cast,
        report,
        build,
        asked_on + timedelta(days=28),
        days=30,
        audience=Audience.COMMITTEE,
        name=COMMITTEE,
        note=ASKED_OF_COMMITTEE,
        meets_on=asked_on + timedelta(days=50),
    )
    say(cast, members, LAST_OF_MEMBERS, day=asked_on + timedelta(days=9))
    make_cover(cast, committee)
    minuted = asked_on + timedelta(days=52)
    lines = [(None, "", *rest) for rest in LAST_OF_COMMITTEE]
    say(cast, committee, lines, day=minuted)
    for consultation, day in ((members, 27), (committee, 60)):
        consulting.close_consultation(consultation, at=cast.calendar.moment(asked_on + timedelta(days=day)))


def consult_on_this(cast, report):
    """An early draft: some comments are answered, some wait."""
    build = kept_proof(cast, report, cast.calendar.day(-8))
    consultation = opened(cast, report, build, cast.calendar.day(-7), days=21, note=ASKED_OF_MEMBERS)
    say(cast, consultation, THIS_OF_MEMBERS, day=cast.calendar.day(-3))


def kept_proof(cast, report, day):
    """A proof of ``report`` that was made that day."""
    content = content_of(report, on=day)
    pdf = render_pdf(print_html(content), assets=print_assets(content))
    at = cast.calendar.moment(day)
    build = ReportBuild.objects.create(
        report=report,
        number=report.builds.count() + 1,
        state=ReportBuild.State.DONE,
        step="Ready",
        pdf=pdf.content,
        sha256=sha256_of(pdf.content),
        size=len(pdf.content),
        page_count=pdf.page_count,
        content=content,
        content_hash=content_hash(content),
        requested_by=cast.holders["manager"],
        finished_at=at,
    )
    ReportBuild.objects.filter(pk=build.pk).update(requested_at=at)
    return build


def opened(cast, report, build, day, *, days, audience=Audience.MEMBERS, name="Members of the partnership", **fields):
    return report.consultations.create(
        build=build,
        audience=audience,
        name=name,
        opens_on=day,
        closes_on=day + timedelta(days=days),
        opened_by=cast.holders["manager"],
        opened_at=cast.calendar.moment(day),
        **fields,
    )


def say(cast, consultation, lines, *, day):
    """Comments and, where there are any, their answers two days later."""
    manager = cast.holders["manager"]
    sections = {section.position: section for section in consultation.report.sections.all()}
    for who, organisation, position, words, result, answer in lines:
        by = User.objects.get(name=who) if who else manager
        member = Organisation.objects.filter(name=organisation).first()
        said_by = consulting.said_by_person(by, member) if who else f"{consultation.name}, minutes"
        section = sections.get(position)
        comment = consultation.comments.create(
            section=section,
            heading=heading_of(section),
            organisation=member,
            said_by=said_by,
            words=words,
            made_by=by,
            made_at=cast.calendar.moment(day),
        )
        if result:
            at = cast.calendar.moment(day + timedelta(days=2))
            consulting.answer_comment(comment, result=result, answer=answer, by=manager, at=at)


def make_cover(cast, consultation):
    """The cover report with its files, as it went to the committee."""
    manager, at = cast.holders["manager"], consultation.opened_at
    cover = begin_cover(consultation, by=manager, at=at)
    cover.title = f"Annual report of the safeguarding partnership, {consultation.report.years}: draft"
    cover.report_of = "The Director of Children’s Services"
    cover.save(update_fields=["title", "report_of"])
    for heading, words in WRITTEN.items():
        cover.sections.filter(heading=heading, words="").update(words=words)
    content = cover_content(cover, on=consultation.opens_on)
    pdf, word = make_pdf(content), make_word(content)
    CoverBuild.objects.create(
        cover=cover,
        state=CoverBuild.State.DONE,
        step="Ready",
        pdf=pdf.content,
        sha256=sha256_of(pdf.content),
        size=len(pdf.content),
        page_count=pdf.page_count,
        word=word,
        word_size=len(word),
        requested_by=manager,
        finished_at=at,
    )
