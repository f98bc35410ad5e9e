"""What reports, updates, returns and audits say of voice: offered to the register, taken over once or set aside.

Only what was submitted or told: no draft, nothing of a case review group, of returns only what a partnership
was given. A return's words are its office's until they are taken over; then every member reads them.
"""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from assurance.models import AuditFinding, Question, Return, ReturnCopy, VoiceEntry, VoiceSetAside
from assurance.return_sheet import QUESTION
from assurance.timetable import lock_partnerships
from assurance.voices import tell_voice
from partnership.models import Group, Organisation, Partnership
from partnership.templatetags.components import long_date
from plans.models import DeliverableLead, HighlightReport, Plan, Update
from reviews.forms.identities import known_names
from reviews.identities import doubts_in

BACK = timedelta(days=366)  # what is older was for last year's report
NOTHING = r"^\W*(nothing|none|nil)\M.{0,60}\m(because|as|since)\M"
TELLS = r"\m(said|say|says|told|tell|voices?|heard|asked|wish(es)?|views?)\M"
PEOPLE = {
    Plan.Audience.CHILDREN: VoiceEntry.People.CHILDREN,
    Plan.Audience.ADULTS: VoiceEntry.People.ADULTS,
    Plan.Audience.BOTH: VoiceEntry.People.FAMILIES,
}
WHO = {
    VoiceEntry.People.CHILDREN: "Children and families",
    VoiceEntry.People.ADULTS: "Adults and carers",
    VoiceEntry.People.FAMILIES: "Children, adults and families",
}


@dataclass(frozen=True)
class Offer:
    """What one record says of voice. ``key``: its kind and number, by which it is taken over once."""

    key: str
    source: str
    url: str
    text: str
    heard_on: date
    partnership_ids: frozenset
    people: str = VoiceEntry.People.CHILDREN
    listener: str = ""
    organisation_id: int | None = None
    group_id: int | None = None
    priority_ids: tuple = field(default=())

    @property
    def who(self):
        through = f", through {self.listener}" if self.listener else ""
        return f"{WHO[self.people]}{through}"[:160]

    @property
    def words(self):
        """The fields of an entry that begins with it. How many were heard nobody said."""
        is_of_case = self.key.startswith("finding:")
        return {
            "said": self.text,
            "people": self.people,
            "who": self.who,
            "people_count": 0,
            "how": VoiceEntry.How.REVIEW if is_of_case else VoiceEntry.How.OTHER,
            "heard_on": self.heard_on,
            "organisation_id": self.organisation_id,
            "group_id": self.group_id,
            "source_key": self.key,
        }


def offers_for(user, *, on):
    """What this person's office may still take over, the newest first. As many queries however much there is.

    Of what several partnerships read those that have neither taken it over nor set it aside.
    """
    office_ids = user.standing.office_ids
    found = [*highlights(user, on), *updates(user, on), *returns(user, on), *findings(user, on)]
    settled = settled_keys(office_ids)
    rest = (replace(each, partnership_ids=each.partnership_ids - settled[each.key]) for each in found)
    return sorted(
        (each for each in rest if each.partnership_ids), key=lambda each: (-each.heard_on.toordinal(), each.key)
    )


def settled_keys(partnership_ids):
    """{key: the partnerships that have it already, or have set it aside}."""
    taken = VoiceEntry.objects.of_partnerships(partnership_ids).exclude(source_key="")
    aside = VoiceSetAside.objects.filter(partnership__in=partnership_ids)
    settled = defaultdict(set)
    for key, partnership in [
        *taken.values_list("source_key", "partnerships"),
        *aside.values_list("source_key", "partnership"),
    ]:
        settled[key].add(partnership)
    return settled


def of_plan(plan, user):
    return frozenset(plan.partnership_ids & user.standing.office_ids)


def highlights(user, on):
    """Submitted highlight reports, each in its last edition, but for those that heard nobody."""
    reports = (
        HighlightReport.objects.visible_to(user)
        .submitted()
        .current()
        .exclude(group__kind=Group.Kind.CASE_REVIEW)
        .exclude(voice__iregex=NOTHING)
        .filter(submitted_at__date__gte=on - BACK)
        .select_related("group", "round__plan")
        .prefetch_related("round__plan__partnerships")
    )
    for report in reports:
        plan = report.round.plan
        yield Offer(
            key=f"highlight:{report.group_id}-{report.round_id}",
            source=f"Highlight report of {report.group}, {report.round.name}",
            url=report.get_absolute_url(),
            text=report.voice.strip(),
            heard_on=report.round.ends_on,
            partnership_ids=of_plan(plan, user),
            people=PEOPLE[plan.audience],
            listener=f"the {report.group}",
            group_id=report.group_id,
        )


def updates(user, on):
    """The last word of each round on each deliverable, where it was not merely said again."""
    said = (
        Update.objects.visible_to(user)
        .current()
        .exclude(voice="")
        .exclude(voice__iregex=NOTHING)
        .filter(is_unchanged=False, submitted_at__date__gte=on - BACK)
        .select_related("round__plan", "deliverable__priority")
        .prefetch_related("round__plan__partnerships")
    )
    said = list(said)
    leads = leads_of({update.deliverable_id for update in said})
    for update in said:
        plan, deliverable = update.round.plan, update.deliverable
        lead = leads.get(deliverable.pk)
        yield Offer(
            key=f"update:{update.deliverable_id}-{update.round_id}",
            source=f"Update on {deliverable.full_ref or deliverable.title}, {update.round.name}",
            url=reverse("plans:deliverable-detail", args=[deliverable.pk]),
            text=update.voice.strip(),
            heard_on=min(update.round.ends_on, timezone.localdate(update.submitted_at)),
            partnership_ids=of_plan(plan, user),
            people=PEOPLE[plan.audience],
            organisation_id=lead and (lead.organisation_id or (lead.post and lead.post.organisation_id)),
            group_id=lead and lead.group_id,
            priority_ids=(deliverable.priority_id,),
        )


def leads_of(deliverable_ids):
    """{deliverable: its first lead that is a post, an open group or an organisation}."""
    linked = DeliverableLead.objects.filter(deliverable__in=deliverable_ids).exclude(
        post=None, group=None, organisation=None
    )
    rows = linked.exclude(group__kind=Group.Kind.CASE_REVIEW).select_related("post").order_by("-position", "-pk")
    return {lead.deliverable_id: lead for lead in rows}


def returns(user, on):
    """One a return: its answers to questions on voice, from the last copy a partnership of the office was given."""
    copies = (
        ReturnCopy.objects.filter(partnership__in=user.standing.office_ids, taken_at__date__gte=on - BACK)
        .exclude(record__submitted_at=None)
        .select_related("record")
        .order_by("record_id", "partnership_id", "-edition")
        .distinct("record_id", "partnership_id")
    )
    copies = list(copies)
    keys = {line["key"].removeprefix(QUESTION) for copy in copies for line in lines_of(copy.content)}
    on_voice = {
        f"{QUESTION}{pk}" for pk in Question.objects.filter(pk__in=keys, is_voice=True).values_list("pk", flat=True)
    }
    names = dict(
        Organisation.objects.filter(pk__in={copy.record.organisation_id for copy in copies}).values_list("pk", "name")
    )
    offers = {}
    for copy in copies:
        said = [line["answer"].strip() for line in lines_of(copy.content) if line["key"] in on_voice]
        if not said:
            continue
        key, day, name = (
            f"return:{copy.record_id}",
            timezone.localdate(copy.taken_at),
            names[copy.record.organisation_id],
        )
        also = offers[key].partnership_ids if key in offers else frozenset()
        offers[key] = Offer(
            key=key,
            source=f"Return of {name}, {long_date(day)}",
            url=reverse("assurance:return-detail", args=[copy.record_id]),
            text="\n\n".join(said),
            heard_on=day,
            partnership_ids=also | {copy.partnership_id},
            listener=name,
            organisation_id=copy.record.organisation_id,
        )
    yield from offers.values()


def lines_of(content):
    """The answered questions of a copy's content."""
    for section in content.get("sections", ()):
        for line in section["lines"]:
            if line.get("answer", "").strip() and line["key"].startswith(QUESTION):
                yield line


def findings(user, on):
    """Findings of audits that members were told of, where they say what people said."""
    told = (
        AuditFinding.objects.filter(
            audit__partnerships__in=user.standing.office_ids,
            audit__released_on__range=(on - BACK, on),
            text__iregex=TELLS,
        )
        .exclude(audit__group__kind=Group.Kind.CASE_REVIEW)
        .select_related("audit")
        .prefetch_related("audit__partnerships", "audit__priorities")
        .distinct()
    )
    for finding in told:
        audit = finding.audit
        of_ours = {each.pk for each in audit.partnerships.all()} & user.standing.office_ids
        yield Offer(
            key=f"finding:{finding.pk}",
            source=f"Audit “{audit}”, {finding.get_kind_display().lower()}",
            url=audit.get_absolute_url(),
            text=finding.text.strip(),
            heard_on=audit.moderated_on or audit.released_on,
            partnership_ids=frozenset(of_ours),
            group_id=audit.group_id,
            priority_ids=tuple(each.pk for each in audit.priorities.all()),
        )


def find_offer(user, key, *, on):
    """The offer of that key to this person's office, or None where it is gone: taken over, set aside, taken back."""
    return next((each for each in offers_for(user, on=on) if each.key == key), None)


def doubts_of(offer):
    """What in its words may say who somebody is, in sentences."""
    return [str(doubt) for doubt in doubts_in(offer.text, known=known_names())]


def take_over(offer):
    """(the entry, whether it is new) of an offer whose words say of nobody who they are."""
    return tell_voice(
        partnerships=Partnership.objects.filter(pk__in=offer.partnership_ids),
        priorities=offer.priority_ids,
        **offer.words,
    )


@transaction.atomic
def set_aside(offer, *, because, by, at):
    """It is not offered any more to the partnerships of that person's office."""
    lock_partnerships(offer.partnership_ids)
    VoiceSetAside.objects.bulk_create(
        [
            VoiceSetAside(
                partnership_id=partnership, source_key=offer.key, because=because, set_aside_by=by, set_aside_at=at
            )
            for partnership in offer.partnership_ids
        ],
        ignore_conflicts=True,
    )


def offer_again(user, key):
    """Undo ``set_aside`` for this person's partnerships; whether there was anything to undo."""
    count, _ = VoiceSetAside.objects.filter(partnership__in=user.standing.office_ids, source_key=key).delete()
    return bool(count)


# Where an entry was taken from


def source_url(entry, user):
    """The address of the record an entry was taken from; "" where this person may not open it."""
    kind, _, rest = entry.source_key.partition(":")
    record = FINDERS[kind](user, rest) if kind in FINDERS else None
    return record.get_absolute_url() if record else ""


def _highlight(user, rest):
    group, _, round = rest.partition("-")
    return HighlightReport.objects.visible_to(user).submitted().current().filter(group=group, round=round).first()


def _deliverable(user, rest):
    deliverable, _, round = rest.partition("-")
    update = Update.objects.visible_to(user).filter(deliverable=deliverable, round=round).first()
    return update and update.deliverable


def _return(user, rest):
    return Return.objects.visible_to(user).filter(pk=rest).first()


def _audit(user, rest):
    finding = AuditFinding.objects.visible_to(user).filter(pk=rest).select_related("audit").first()
    return finding and finding.audit


FINDERS = {"highlight": _highlight, "update": _deliverable, "return": _return, "finding": _audit}
