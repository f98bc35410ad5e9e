"""What guidance and law ask of a partnership's year, by edition: headings of the yearly report, clocks.

The rows are a start, not constants: they are loaded once and then edited by the administrator, and
loading again never overwrites what somebody changed. Words are ours; ``source`` says where the duty
stands. ``verified`` is the day on which a published page or document was read that says so; None is
printed as "to be verified".
"""

from datetime import date
from typing import NamedTuple

READ_ON = date(2026, 11, 21)

HEADING, WORKING_DAYS, DAYS, MONTHS = "heading", "working-days", "days", "months"
DUTY, RECIPIENT = "duty", "recipient"


class Duty(NamedTuple):
    """One row. ``number``, ``unit`` and ``counted_from`` are for clocks; ``words`` for headings.

    A duty that a plan can promise to meet says in ``words`` what is usually done, and in ``counted_from`` when.
    """

    code: str
    title: str
    source: str
    verified: date | None = None
    words: str = ""
    number: int | None = None
    unit: str = HEADING
    counted_from: str = ""
    is_before: bool = False


class Edition(NamedTuple):
    """``in_force``: its first and last day, as far as there is one. ``audience``: children or adults."""

    code: str
    title: str
    duties: list
    published_on: date | None = None
    note: str = ""
    audience: str = "children"
    in_force: tuple = (None, None)


# Working Together 2018

HEADINGS_2018 = [
    Duty(
        "impact",
        "Evidence of impact, including training",
        "Working Together 2018, chapter 3, yearly report",
        READ_ON,
        "What the work of partners and agencies, training included, changed for children and families",
    ),
    Duty(
        "little-progress",
        "Little or no progress, and why",
        "Working Together 2018, chapter 3, yearly report",
        READ_ON,
        "Where little or nothing shows progress on the priorities that were agreed",
    ),
    Duty(
        "learning",
        "Learning from reviews, and what was done",
        "Working Together 2018, chapter 3, yearly report",
        READ_ON,
        "Decisions and actions on the recommendations of local and national reviews, and what improved",
    ),
    Duty(
        "feedback",
        "Children’s and families’ feedback, and how it was used",
        "Working Together 2018, chapter 3, yearly report",
        READ_ON,
        "How children and families were asked what they think, and what was done with their answers",
    ),
    Duty(
        "arrangements",
        "Updates to our arrangements",
        "Working Together 2018, chapter 3, published arrangements",
        READ_ON,
        "What changed in the published arrangements, why, and by when",
    ),
]

GOVERNMENT_PAGE = "the Government’s page on reporting a serious incident"


def clock(code, title, number, unit, counted_from, source, verified=None, *, is_before=False, words=""):
    """A duty that gives a day: so many working days, days or months from another day, or before it."""
    return Duty(code, title, source, verified, words, number, unit, counted_from, is_before)


def clocks(edition, *, reviews, reporting, read_here):
    """The clocks of an edition of Working Together; ``reviews`` and ``reporting`` are its chapters.

    ``read_here`` is the day on which the yearly report's clocks were read in it, None where they were not.
    """
    on_reviews = f"{edition}, {reviews}"
    on_reports = f"{edition}, {reporting}"
    return [
        clock(
            "notify-panel",
            "The local authority tells the Panel of a serious incident",
            5,
            WORKING_DAYS,
            "the day of becoming aware",
            f"Children Act 2004, section 16C(1); {GOVERNMENT_PAGE}",
            READ_ON,
            words="One form for each child who dies, one for siblings who were harmed together",
        ),
        clock(
            "notify-partners",
            "The other safeguarding partners are told of the same incident",
            5,
            WORKING_DAYS,
            "the day of becoming aware",
            on_reviews,
            READ_ON,
        ),
        clock(
            "notify-looked-after",
            "The Secretary of State and Ofsted are told of the death of a looked-after child",
            5,
            WORKING_DAYS,
            "the day of becoming aware",
            on_reviews,
            READ_ON,
            words="Whether or not abuse or neglect is suspected",
        ),
        clock(
            "rapid-review",
            "The rapid review is finished and with the Panel",
            15,
            WORKING_DAYS,
            "the day the notification was sent",
            f"{on_reviews}; the Panel’s own guidance",
            READ_ON,
        ),
        clock(
            "panel-reply",
            "The Panel answers a rapid review",
            15,
            WORKING_DAYS,
            "the day the Panel received the rapid review",
            "Practice of the Panel",
        ),
        clock(
            "practice-review",
            "A local practice review is finished and published",
            6,
            MONTHS,
            "the day the review was decided on",
            on_reviews,
            read_here,
            words="Where it is late, the Panel and the Secretary of State are told why",
        ),
        clock(
            "advance-copy",
            "The Panel and the Secretary of State have the review before it is published",
            7,
            WORKING_DAYS,
            "publication",
            f"{on_reviews}; SI 2018/789",
            is_before=True,
        ),
        clock("stays-public", "A published practice review stays public", 12, MONTHS, "publication", "SI 2018/789"),
        clock(
            "yearly-report",
            "A yearly report is published",
            12,
            MONTHS,
            "publication of the report before",
            f"Children Act 2004, section 16G; {on_reports}",
            READ_ON,
        ),
        clock(
            "yearly-report-month",
            "The yearly report is published by the end of September",
            6,
            MONTHS,
            "the end of the year reported on",
            "Local practice, from published plans; a duty in later guidance is to be verified",
        ),
        clock(
            "copies",
            "The Panel and the What Works Centre have copies of the yearly report",
            7,
            DAYS,
            "publication",
            "Published arrangements under Working Together 2018",
            read_here,
        ),
        clock(
            "arrangements-review",
            "The published arrangements are looked at again",
            12,
            MONTHS,
            "the day they came into force",
            "Published arrangements under Working Together 2018",
            read_here,
        ),
    ]


CLOCKS_2018 = clocks("Working Together 2018", reviews="chapter 4", reporting="chapter 3", read_here=READ_ON)
CLOCKS_2023 = clocks("Working Together 2023", reviews="chapter 5", reporting="chapter 2", read_here=None)
CLOCKS_CARE_ACT = [
    clock(
        "adults-review",
        "A safeguarding adults review is finished",
        6,
        MONTHS,
        "the day the review was decided on",
        "Care and support statutory guidance, paragraph 14.173",
        words="Within a reasonable period, and in six months unless there is good reason",
    ),
]

# The stages inside the fifteen working days are an office's own; these come from one that published its timetable.

PUBLISHED_TIMETABLE = "Local practice, from one partnership’s published timetable; change it to yours"
FROM_REFERRAL = "the day the referral was received"


def local(code, title, number, counted_from, verified=None):
    return clock(code, title, number, WORKING_DAYS, counted_from, PUBLISHED_TIMETABLE, verified)


LOCAL_CLOCKS = [
    local("summaries-asked", "Agencies are asked for their summaries", 1, "the day the notification was sent", READ_ON),
    local("summaries-back", "Agency summaries are back", 10, "the day the notification was sent", READ_ON),
    local("decision-meeting", "The decision meeting is held", 14, "the day the notification was sent", READ_ON),
    local("panel-answer", "The Panel’s points are answered", 15, "the day the Panel’s letter came"),
]
LOCAL_CLOCKS_ADULTS = [
    local("adults-summaries-asked", "Agencies are asked for their summaries", 5, FROM_REFERRAL),
    local("adults-summaries-back", "Agency summaries are back", 20, FROM_REFERRAL),
    local("adults-decision", "The board decides on the referral", 30, FROM_REFERRAL),
]

# Working Together 2023. The framing was read; the list of headings was not, in the text itself.

FROM_2023 = "Working Together 2023, chapter 2, yearly reporting"

HEADINGS_2023 = [
    Duty(
        "contribution",
        "Contribution of each safeguarding partner",
        FROM_2023,
        words="What each safeguarding partner put into how the partnership is built and works",
    ),
    Duty(
        "impact",
        "Evidence of impact, including training",
        FROM_2023,
        words="What the work of partners and agencies, training included, changed for children and families",
    ),
    Duty(
        "little-progress",
        "Little or no progress, and why",
        FROM_2023,
        words="Where little or nothing shows progress on the priorities that were agreed, and why",
    ),
    Duty(
        "learning",
        "Learning from reviews, and what was done",
        FROM_2023,
        words="What serious incidents and reviews taught, local and national, and what was done about it",
    ),
    Duty(
        "feedback",
        "Children’s and families’ feedback, and how it was used",
        FROM_2023,
        words="How children and families were asked what they think, and what was done with their answers",
    ),
    Duty(
        "decisions",
        "Decisions and actions",
        FROM_2023,
        words="The main decisions and actions of the partners, and what came of them",
    ),
    Duty(
        "costs",
        "Costs, contributions and value",
        FROM_2023,
        words="What it cost, what each partner gave, what changed, and whether it was worth the money",
    ),
    Duty(
        "education",
        "How education is represented",
        FROM_2023,
        words="How schools, colleges and early years take part, where decisions are made and in daily work",
    ),
    Duty(
        "data",
        "Use of data and information sharing",
        FROM_2023,
        words="How data is used, and what sharing information made better in practice",
    ),
    Duty(
        "scrutiny",
        "Impact of independent scrutiny",
        FROM_2023,
        words="What scrutineers, reviews and audits found when taken together, and what that changed",
    ),
    Duty(
        "arrangements",
        "Updates to our arrangements",
        FROM_2023,
        words="What changed in the published arrangements, why, and by when",
    ),
    Duty(
        "reforms",
        "National reforms",
        FROM_2023,
        words="What shows that national reforms are being carried out here",
    ),
]

# The Care Act 2014, Schedule 2, paragraph 4: the annual report of a Safeguarding Adults Board

FROM_CARE_ACT = "Care Act 2014, Schedule 2, paragraph 4(1)"

HEADINGS_CARE_ACT = [
    Duty(
        "objective",
        "What we did to help and protect adults",
        f"{FROM_CARE_ACT}(a)",
        READ_ON,
        "What the board did in the year to achieve its objective",
    ),
    Duty(
        "strategy",
        "How we carried out our strategic plan",
        f"{FROM_CARE_ACT}(b)",
        READ_ON,
        "What the board did in the year to carry out its strategy",
    ),
    Duty(
        "members",
        "What each member did",
        f"{FROM_CARE_ACT}(c)",
        READ_ON,
        "What each member did in the year to carry out the strategy",
    ),
    Duty(
        "reviews-concluded",
        "Findings of reviews that ended in the year",
        f"{FROM_CARE_ACT}(d)",
        READ_ON,
        "What safeguarding adults reviews that ended in the year found",
    ),
    Duty(
        "reviews-ongoing",
        "Reviews under way",
        f"{FROM_CARE_ACT}(e)",
        READ_ON,
        "Which safeguarding adults reviews were under way at the end of the year",
    ),
    Duty(
        "findings-implemented",
        "What we did about findings",
        f"{FROM_CARE_ACT}(f)",
        READ_ON,
        "What the board did in the year about the findings of reviews",
    ),
    Duty(
        "findings-refused",
        "Findings we decided not to act on, and why",
        f"{FROM_CARE_ACT}(g)",
        READ_ON,
        "Where the board decided not to act on a finding, and its reasons",
    ),
]


# Work that the law or guidance asks of a partnership in every year, which a plan can promise to do


def to_do(code, title, words, when, source, verified=None):
    """A duty for a plan: what it is, what is usually done about it and when, and where it stands."""
    return Duty(f"do-{code}", title, source, verified, words, unit=DUTY, counted_from=when)


IN_ARRANGEMENTS = "Working Together 2018, pages 78 and 79, published arrangements"
IN_YEARLY_REPORT = "Working Together 2018, chapter 3, yearly report"

DUTIES_2018 = [
    to_do(
        "yearly-report",
        "Publish a yearly report on what was done and how well it worked",
        "Ask every agency for its part, have the report scrutinised, and publish it",
        "by the end of September",
        "Children Act 2004, section 16G; Working Together 2018, chapter 3",
        READ_ON,
    ),
    to_do(
        "copies",
        "Send the yearly report to the Panel and the What Works Centre",
        "Send both a copy and keep the dates",
        "within seven days of publication",
        "Published arrangements under Working Together 2018",
        READ_ON,
    ),
    to_do(
        "arrangements",
        "Look at the published arrangements again",
        "Agree what changes and why, publish it, and say so in the yearly report",
        "March",
        "Working Together 2018, chapter 3, published arrangements",
        READ_ON,
    ),
    to_do(
        "learning",
        "Learn from local and national reviews, and show what improved",
        "Follow each recommendation until somebody has checked again that practice changed",
        "quarterly",
        IN_YEARLY_REPORT,
        READ_ON,
    ),
    to_do(
        "training",
        "Provide the training that is needed, and follow its impact",
        "Analyse learning needs, run the programme, and ask later what it changed in practice",
        "throughout the year",
        IN_ARRANGEMENTS,
        READ_ON,
    ),
    to_do(
        "scrutiny",
        "Arrange independent scrutiny, and act on what it finds",
        "Agree what is scrutinised this year, and answer each finding",
        "quarterly",
        IN_ARRANGEMENTS,
        READ_ON,
    ),
    to_do(
        "voice",
        "Ask children and families what they think, and use their answers",
        "Collect what was said, what was done about it and what changed",
        "quarterly",
        IN_YEARLY_REPORT,
        READ_ON,
    ),
    to_do(
        "data",
        "Use data and intelligence to see needs and gaps",
        "Bring a report on the data, with what it means, to the group that monitors the plan",
        "quarterly",
        IN_ARRANGEMENTS,
        READ_ON,
    ),
    to_do(
        "section-11",
        "Be assured that agencies keep their section 11 duties",
        "Ask for a self-assessment, moderate a sample, and follow what is weak",
        "",
        "Children Act 2004, section 11",
        READ_ON,
    ),
    to_do(
        "education",
        "Include schools, colleges and early years",
        "Ask for the yearly report on safeguarding in education, and write to those who do not answer",
        "",
        IN_ARRANGEMENTS,
        READ_ON,
    ),
    to_do(
        "threshold",
        "Publish the threshold document",
        "Check that the published document is the one in use",
        "",
        "Published arrangements under Working Together 2018",
        READ_ON,
    ),
    to_do(
        "funding",
        "Agree fair funding, and publish who gives what",
        "Agree next year’s contributions",
        "March",
        "Working Together 2018, chapter 3, funding",
    ),
]

# Confirmed for 2018; of the 2023 text only the themes were read, so its paragraphs are to be verified.
DUTIES_2023 = [
    *[
        duty._replace(source="Children Act 2004, section 11; Working Together 2023, chapter 2, paragraph 74")
        if duty.code == "do-section-11"
        else duty._replace(source="Working Together 2023, chapter 2", verified=None)
        for duty in DUTIES_2018
    ],
    to_do(
        "lead-partners",
        "Lead safeguarding partners set the direction and sign off the yearly report",
        "Bring the plan, the budget and the yearly report to them",
        "",
        "Working Together 2023, chapter 2",
    ),
    to_do(
        "costs",
        "Say what it cost, and whether it was worth the money",
        "Write the statement of costs for the yearly report",
        "by the end of June",
        "Working Together 2023, chapter 2, yearly reporting",
    ),
]

DUTIES_CARE_ACT = [
    to_do(
        "objective",
        "Co-ordinate what members do to help and protect adults, and make sure that it works",
        "Bring each member’s assurance to the board, and challenge what is weak",
        "quarterly",
        "Care Act 2014, section 43",
        READ_ON,
    ),
    to_do(
        "strategic-plan",
        "Publish a strategic plan for each financial year",
        "Write, agree and publish the plan",
        "March",
        "Care Act 2014, Schedule 2, paragraph 3",
    ),
    to_do(
        "consult",
        "Consult Local Healthwatch on the strategic plan, and involve the community",
        "Ask Healthwatch and people in the area before the plan is agreed",
        "January",
        "Care Act 2014, Schedule 2, paragraph 3",
    ),
    to_do(
        "members",
        "Say what each member will do to carry out the plan",
        "Ask each member for its part",
        "February",
        "Care Act 2014, Schedule 2, paragraph 3",
    ),
    to_do(
        "annual-report",
        "Publish an annual report as soon as is feasible after the year ends",
        "Ask every member for its part, and publish the report",
        "by the end of September",
        "Care Act 2014, Schedule 2, paragraph 4(1)",
        READ_ON,
    ),
    to_do(
        "recipients",
        "Send the annual report to those the Act names",
        "Send it to chief executive and leader, policing body, Healthwatch and Health and Wellbeing Board",
        "",
        "Care Act 2014, Schedule 2, paragraph 4",
        READ_ON,
    ),
    to_do(
        "reviews",
        "Arrange safeguarding adults reviews, and apply their lessons",
        "Decide on each referral, and follow each review’s findings",
        "throughout the year",
        "Care Act 2014, section 44",
        READ_ON,
    ),
    to_do(
        "findings",
        "Act on the findings of reviews, or say why not",
        "Keep what was done about each finding, and the reasons where nothing was",
        "quarterly",
        "Care Act 2014, Schedule 2, paragraph 4(1)(f) and (g)",
        READ_ON,
    ),
]


# Who has to have the yearly report once it is published, and within how many days where a number is known

ON_COPIES = "Published arrangements under Working Together 2018"
BY_CUSTOM = "Custom of partnerships, from published plans"


def recipient(code, title, source, verified=None, *, days=None):
    return Duty(f"to-{code}", title, source, verified, "", days, RECIPIENT, "publication" if days else "")


RECIPIENTS_CHILDREN = [
    recipient("panel", "The Child Safeguarding Practice Review Panel", ON_COPIES, READ_ON, days=7),
    recipient("what-works", "Foundations, the What Works Centre for Children and Families", ON_COPIES, READ_ON, days=7),
    recipient("members", "Members of the partnership and relevant agencies", ON_COPIES, READ_ON),
    recipient("scrutiny", "The council’s scrutiny committee", BY_CUSTOM),
    recipient("health-and-wellbeing", "The chair of the Health and Wellbeing Board", BY_CUSTOM),
    recipient("police-and-crime", "The Police and Crime Commissioner", BY_CUSTOM),
]

ON_ADULTS_COPIES = "Care Act 2014, Schedule 2, paragraph 4(2)"

RECIPIENTS_ADULTS = [
    recipient("chief-executive", "The chief executive of the council", ON_ADULTS_COPIES, READ_ON),
    recipient("leader", "The leader of the council", ON_ADULTS_COPIES, READ_ON),
    recipient("police-and-crime", "The local policing body", ON_ADULTS_COPIES, READ_ON),
    recipient("healthwatch", "Local Healthwatch", ON_ADULTS_COPIES, READ_ON),
    recipient("health-and-wellbeing", "The chair of the Health and Wellbeing Board", ON_ADULTS_COPIES, READ_ON),
    recipient("members", "Members of the board", BY_CUSTOM),
]

# What shows something under a heading: a start, in our words, for whoever looks for evidence.

EVIDENCE = {
    "impact": "What leads say changed for people, judgements on outcomes, audits that looked again, indicators that "
    "moved, what people do differently weeks after training. Counts alone show how much, not what difference",
    "little-progress": "Deliverables that stood still, dates that were missed, ratings that worry, promises that were "
    "dropped, each with its reason",
    "learning": "Recommendations answered with reasons, re-checks that asked whether practice changed, briefings and "
    "what agencies did with them",
    "feedback": "What people said, who asked them, what was done about it and what changed for them",
    "arrangements": "Versions that were published in the year, and each change with its reason",
    "contribution": "Each partner’s own words, money and help in kind, who came to meetings, answers to requests",
    "decisions": "Ratings decided and where they differ from what was proposed, decisions of meetings, actions closed",
    "costs": "Contributions beside those of the year before, what was spent against what was planned, the reserve, "
    "and what the money achieved",
    "education": "How schools answered the yearly survey, who speaks for them in which group, what they brought",
    "data": "Indicators with what their movement means, and what sharing information changed in a case or a service",
    "scrutiny": "The scrutineer’s statement, what they looked at and said, what was answered, challenges and what "
    "they changed",
    "reforms": "Steps taken, with dates, and what shows that they work here",
    "objective": "What shows that adults are helped and protected better: outcomes, voices, audits, indicators",
    "strategy": "How each priority of the plan went, its ratings, and what difference leads say it made",
    "members": "Each member’s own words on what it did for the plan",
    "reviews-concluded": "Findings as they were published",
    "reviews-ongoing": "How many are under way and since when, and nothing by which anybody could be known",
    "findings-implemented": "Recommendations with what was done, and what a later check found",
    "findings-refused": "Recommendations that were not accepted, each with the board’s reasons",
}


def unread(duties, source):
    """The same duties as far as we know, in an edition whose own text nobody has read yet."""
    return [duty._replace(source=source, verified=None) for duty in duties]


EDITIONS = [
    Edition(
        "wt2018",
        "Working Together 2018",
        HEADINGS_2018 + CLOCKS_2018 + DUTIES_2018 + RECIPIENTS_CHILDREN,
        published_on=date(2018, 7, 4),
        in_force=(date(2018, 7, 4), date(2023, 12, 14)),
        note="Superseded. For reports on years up to March 2023, and for arrangements published then. The days on "
        "which it began and ended to count are to be verified.",
    ),
    Edition(
        "wt2023",
        "Working Together 2023",
        HEADINGS_2023 + CLOCKS_2023 + DUTIES_2023 + unread(RECIPIENTS_CHILDREN, "Working Together 2023, chapter 2"),
        published_on=date(2023, 12, 15),
        in_force=(date(2023, 12, 15), None),
        note="The headings are to be verified against the text. Partners report together, in words "
        "that families and professionals find and understand easily.",
    ),
    Edition(
        "wt2026",
        "Working Together 2026",
        unread(
            HEADINGS_2023 + CLOCKS_2023 + DUTIES_2023 + RECIPIENTS_CHILDREN, "Working Together 2026, to be verified"
        ),
        note="To be verified: taken over from the 2023 edition until the text has been read. It counts from the day "
        "that an administrator enters.",
    ),
    Edition(
        "care-act",
        "Care Act 2014, Schedule 2",
        HEADINGS_CARE_ACT + CLOCKS_CARE_ACT + DUTIES_CARE_ACT + RECIPIENTS_ADULTS,
        published_on=date(2014, 5, 14),
        audience="adults",
        in_force=(date(2015, 4, 1), None),
        note="The annual report of a Safeguarding Adults Board, as soon as is feasible after the year ends.",
    ),
    Edition(
        "local-children",
        "Our own timetable for rapid reviews",
        LOCAL_CLOCKS,
        in_force=(date(2018, 7, 4), None),
        note="No law: the stages that an office sets itself within the days that guidance gives.",
    ),
    Edition(
        "local-adults",
        "Our own timetable for referrals of adults",
        LOCAL_CLOCKS_ADULTS,
        audience="adults",
        in_force=(date(2015, 4, 1), None),
        note="No law: the stages that a board sets itself between a referral and its decision.",
    ),
]


def load_rule_sets(rule_set_model, rule_model):
    """Add the editions and duties that are not there yet; leave alone what is.

    The models are given, so that a migration can hand over its own; what an older one lacks is left out.
    """
    for edition in EDITIONS:
        in_force_from, in_force_until = edition.in_force
        rule_set, _ = rule_set_model.objects.get_or_create(
            code=edition.code,
            defaults=known_to(
                rule_set_model,
                title=edition.title,
                audience=edition.audience,
                published_on=edition.published_on,
                in_force_from=in_force_from,
                in_force_until=in_force_until,
                note=edition.note,
            ),
        )
        rule_model.objects.bulk_create(
            [
                rule_model(
                    rule_set=rule_set,
                    position=position,
                    **known_to(rule_model, **columns_of(duty)),
                )
                for position, duty in enumerate(edition.duties, start=1)
            ],
            ignore_conflicts=True,
        )


def columns_of(duty):
    """``{column: value}`` of a rule."""
    evidence = EVIDENCE.get(duty.code, "") if duty.unit == HEADING else ""
    named = {"verified_on" if name == "verified" else name: value for name, value in duty._asdict().items()}
    return named | {"evidence": evidence}


def known_to(model, **columns):
    names = {field.name for field in model._meta.get_fields()}
    return {name: value for name, value in columns.items() if name in names}
