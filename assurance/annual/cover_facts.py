"""What the records know for each heading of a cover report: first words, and tables that are always as of today.

A heading is known by its first words, so that one renamed a little is drafted all the same.
"""

from django.utils import timezone

from assurance.annual.meetings import how_often, one_line, with_reason
from assurance.annual.money import in_kind, reserve, short, statements
from assurance.annual.year import Year
from assurance.models import AnnualReport, ReportConsultation
from assurance.printed import counted
from partnership.frame import joined_names
from partnership.models import Arrangements, Group, Membership, PostHolding, Rule
from partnership.templatetags.components import long_date, sentence_join
from plans.models import Plan

MOST_NAMED = 8
MAIN_GROUPS = (Group.Kind.BOARD, Group.Kind.EXECUTIVE)


class Facts:
    """The records around one cover report. Each method gives the words under one heading, or none."""

    def __init__(self, cover):
        self.cover = cover
        self.consultation = cover.consultation
        self.report = self.consultation.report
        self.year = Year.of(self.report)
        self.on = self.consultation.opens_on
        self.partnerships = list(self.report.partnerships.all())
        self.name = joined_names([each.name for each in self.partnerships])
        is_committee = self.consultation.audience == ReportConsultation.Audience.COMMITTEE
        self.asked = "The committee" if is_committee else self.consultation.name

    def purpose(self):
        yield (
            f"{self.asked} is asked to look at the draft annual report of the {self.name} for "
            f"{self.report.years} ({self.period}), and to say what it would change before the report is published."
        )
        yield self.consultation.note.strip()

    @property
    def period(self):
        return f"{long_date(self.report.starts_on)} to {long_date(self.report.ends_on)}"

    def policy(self):
        headings = self.report.sections.exclude(rule=None).values_list("title", flat=True)
        yield f"The report follows {self.report.rule_set.title}, which asks for these headings:"
        yield "\n".join(f"- {one_line(each)}" for each in headings)
        for each in self._earlier():
            met = f" at its meeting on {long_date(each.meets_on)}" if each.meets_on else ""
            ending = "; each was answered" if each.closed_at else ""
            yield (
                f"{self.asked} looked at {each.report}{met} and made {counted(each.comment_count, 'comment')}{ending}."
            )

    def _earlier(self):
        """Consultations of the same committee before this one."""
        ours = AnnualReport.objects.filter(partnerships__in=self.report.partnership_ids).values("pk")
        found = ReportConsultation.objects.filter(name=self.consultation.name, report__in=ours)
        return found.exclude(pk=self.consultation.pk).filter(opened_at__lt=self.consultation.opened_at).with_counts()

    def background(self):
        for each in Arrangements.objects.in_force(on=self.on).filter(partnership__in=self.partnerships):
            day = each.in_force_from or timezone.localdate(each.published_at)
            yield (
                f"How the {each.partnership.name} works together is set out in its arrangements, version "
                f"{each.version}, in force since {long_date(day)}."
            )
        last = (
            AnnualReport.objects.published()
            .filter(partnerships__in=self.partnerships, ends_on__lt=self.report.starts_on)
            .select_related("published_file")
            .defer("published_file__content", "published_file__manifest")
            .first()
        )
        if last:
            day = timezone.localdate(last.published_file.published_at)
            yield f"The annual report for {last.years} was published on {long_date(day)}."

    def progress(self):
        meetings, others = {}, []
        for meeting in self.year.meetings().prefetch_related("moves"):
            if meeting.group.kind in MAIN_GROUPS:
                meetings.setdefault(meeting.group, []).append(meeting)
            else:
                others.append(meeting)
        for group, found in meetings.items():
            yield f"{group.name}: {how_often(found)}"
        cancelled = [meeting for meeting in others if meeting.is_cancelled]
        if others:
            yield f"Other groups met {counted(len(others) - len(cancelled), 'time')}."
        for meeting in cancelled:
            what = f"Cancelled: {meeting.group.name}, {long_date(meeting.meets_on)}"
            yield with_reason(what, meeting.cancelled_reason)
        figures = self.year.figures()
        courses = self.year.courses().count()
        if figures["places_booked"]:
            yield (
                f"{counted(courses, 'course')} ran in the year. {counted(figures['places_booked'], 'place')} were "
                f"booked and {figures['places_attended']:,} taken up."
            )
        if figures["people_heard"]:
            heard = f"{figures['people_heard']:,} children, adults and family members"
            yield f"{heard} were heard. The report sets what they said beside what was done."
        audits = self.year.audits().count()
        if audits:
            yield f"Several agencies looked together at practice in {counted(audits, 'audit')}."

    def changes(self):
        for each in self.year.arrangement_changes():
            said = with_reason(one_line(each.what), each.reason)
            yield f"- {said} By when: {one_line(each.timescale)}."

    def plans(self):
        plans = Plan.objects.filter(
            partnerships__in=self.partnerships, status=Plan.Status.PUBLISHED, ends_on__gt=self.report.ends_on
        ).distinct()
        for plan in plans.order_by("starts_on", "pk"):
            yield f"{plan.title} runs from {long_date(plan.starts_on)} to {long_date(plan.ends_on)}. Its priorities:"
            yield "\n".join(
                f"- {one_line(each.title)}" for each in plan.priorities.order_by("position") if not each.is_retired
            )

    def scrutiny(self):
        given = self.report.scrutiny_statements.given().first()
        if given:
            yield f"{given.by_line or 'The independent scrutineer'} has given a statement for the report."
            yield f"In one sentence: {given.conclusion}" if given.conclusion else ""
        holders = self._holders("advisor")
        if holders and not given:
            yield f"Independent scrutiny of the arrangements: {sentence_join(holders)}."

    def proposals(self):
        yield (
            f"{self.asked} is asked to consider the draft, and to propose what should be added or altered. "
            "Each comment is answered, and the answers come back with the published report."
        )

    def resources(self):
        for told in statements(self.year):
            whose = joined_names([each.name for each in told.budget.partnerships.all()])
            before = f"; in the year before it was {short(told.before)}" if told.before is not None else ""
            days = f"From {long_date(told.budget.starts_on)} to {long_date(told.budget.ends_on)}"
            yield (
                f"{days} partners gave the {whose} "
                f"{short(told.contributed)}{before}. The table shows what each gave, and its share of the whole."
            )
            yield in_kind(told)
            yield reserve(told)

    def timetable(self):
        days = [
            (each.closes_on, f"last day for comments of {'members' if is_of_members(each) else each.name}")
            for each in self.report.consultations.all()
        ]
        if self.consultation.meets_on:
            days.append((self.consultation.meets_on, f"{self.consultation.name} meets"))
        signing = self.report.sign_offs.filter(withdrawn_at=None).values_list("due_on", flat=True)
        days += [(day, "last day for the lead safeguarding partners to sign it") for day in signing]
        to_come = sorted(each for each in days if each[0] >= self.on)
        if to_come:
            yield "What is still to happen before the report is published:"
            yield "\n".join(f"- {long_date(day)}: {what}" for day, what in to_come)

    def consultations(self):
        for each in self.report.consultations.with_counts().exclude(pk=self.consultation.pk):
            whom = f"{each.name} {'were' if is_of_members(each) else 'was'}"
            asked = f"{whom} asked about a draft between {long_date(each.opens_on)} and {long_date(each.closes_on)}"
            changed = f"; because of {each.changed_count} of them the report was changed" if each.changed_count else ""
            yield f"{asked}. {counted(each.comment_count, 'comment')} came in{changed}."

    def equality(self):
        heard = self.year.voices().published().exclude(public_who="").values_list("public_who", flat=True)
        who = list(dict.fromkeys(one_line(each) for each in heard))
        if who:
            yield f"Those heard in the year: {sentence_join(who[:MOST_NAMED])}."

    def environment(self):
        yield "The report is published online; it is printed for those who ask for it."

    def partnership_working(self):
        statutory = [each.name for each in self.year.statutory_partners()]
        others = self.year.memberships().exclude(role=Membership.Role.STATUTORY)
        count = others.order_by().values("organisation").distinct().count()
        if statutory:
            yield f"The statutory safeguarding partners are {sentence_join(statutory)}."
        if count:
            yield f"{counted(count, 'other organisation')} {'is a member' if count == 1 else 'are members'}."

    def conclusion(self):
        yield f"{self.asked} is asked for its comments by {long_date(self.consultation.closes_on)}."

    def papers(self):
        yield "\n".join(f"- {each}" for each in self._published())

    def _published(self):
        for each in Arrangements.objects.in_force(on=self.on).filter(partnership__in=self.partnerships):
            yield f"{each.partnership.name}: {each.title}, version {each.version}"
        earlier = AnnualReport.objects.published().filter(
            partnerships__in=self.partnerships, ends_on__lt=self.report.starts_on
        )
        for each in earlier.distinct()[:2]:
            yield f"{each}, {each.years}"

    def circulation(self):
        names = list(self.report.recipients.values_list("name", flat=True))
        rules = self.report.rule_set.rules.filter(unit=Rule.Unit.RECIPIENT).values_list("title", flat=True)
        found = names or list(rules)
        if found:
            yield "Once it is published the report goes to:"
            yield "\n".join(f"- {each}" for each in found)

    def officers(self):
        yield from self._holders("office")
        first = self.partnerships[0]
        lines = [("Telephone", first.office_phone), ("E-mail", first.office_email)]
        for label, value in lines:
            yield f"{label}: {value}" if value else ""

    def _holders(self, duty):
        """Names and posts of who has that duty on the day the consultation opened."""
        held = PostHolding.objects.current(on=self.on).filter(post__partnerships__in=self.partnerships, post__duty=duty)
        rows = held.select_related("user", "post").order_by("post__title", "user__name", "pk")
        return list(dict.fromkeys(f"{each.user.name}, {each.post.title}" for each in rows))

    def appendices(self):
        build = self.consultation.build
        version = f", version {build.number}" if build.number else ""
        yield f"- Appendix A: {self.report}, draft{version}"


def is_of_members(consultation):
    return consultation.audience == ReportConsultation.Audience.MEMBERS


# How a heading begins, in small letters: the first that fits.
DRAFTS = (
    ("purpose", Facts.purpose),
    ("policy", Facts.policy),
    ("background papers", Facts.papers),
    ("background", Facts.background),
    ("progress", Facts.progress),
    ("changes", Facts.changes),
    ("forward", Facts.plans),
    ("independent", Facts.scrutiny),
    ("proposal", Facts.proposals),
    ("resource", Facts.resources),
    ("financ", Facts.resources),
    ("timetable", Facts.timetable),
    ("consultation", Facts.consultations),
    ("equalit", Facts.equality),
    ("environment", Facts.environment),
    ("partnership", Facts.partnership_working),
    ("conclusion", Facts.conclusion),
    ("circulation", Facts.circulation),
    ("officer", Facts.officers),
    ("list of appendices", Facts.appendices),
    ("appendi", Facts.appendices),
)
WITH_MONEY = ("resource", "financ")


def draft_of(cover, heading):
    """What the records say today under ``heading``; empty where they say nothing."""
    name = heading.strip().casefold()
    make = next((make for start, make in DRAFTS if name.startswith(start)), None)
    found = make(Facts(cover)) if make else ()
    return "\n\n".join(words.strip() for words in found if words and words.strip())


def tables_of(heading, year):
    """[{caption, heads, rows}] that stand under ``heading``: what partners gave, this year and the last."""
    if not heading.strip().casefold().startswith(WITH_MONEY):
        return []
    return [table_of(told) for told in statements(year) if told.given]


def table_of(told):
    rows = [
        [each.name, short(each.amount), f"{each.share}%", amount(each.before), percent(each.share_before)]
        for each in told.given
        if each.amount or each.before
    ]
    wholes = ["100%" if whole else "–" for whole in (told.contributed, told.before)]
    total = ["Together", short(told.contributed), wholes[0], amount(told.before), wholes[1]]
    whose = joined_names([each.name for each in told.budget.partnerships.all()])
    return {
        "caption": f"What partners gave to the {whose}, {told.budget}",
        "heads": ["Organisation", "This year", "Share", "The year before", "Share then"],
        "rows": [*rows, total],
    }


def amount(value):
    return "Not known" if value is None else short(value)


def percent(value):
    return "–" if value is None else f"{value}%"
