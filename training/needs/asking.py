"""Asking members, groups and practitioners what they have to learn, and putting what they said under needs.

Each has a link of its own. Members and groups answer by name, and again until the questions close. Of practitioners
nothing is kept that says whose a reply is; what they said is told once the questions are closed, of organisations of
which at least five answered (``NeedsWish.objects.told``).
"""

import re
import uuid
from collections import defaultdict
from dataclasses import dataclass, field

from django.core import signing
from django.db import transaction
from django.db.models import F, Max

from partnership.models import Group, GroupMember, PostHolding
from partnership.models.people import CHAIRS
from partnership.refusals import NotNow
from training.mails.mailing import Kind as MailKind
from training.mails.mailing import put
from training.models import FEWEST_REPLIES, NeedsInvitation, NeedsReply, NeedsWish
from training.needs.deciding import MOST_TOPIC, add_need, locked, shortened

Kind = NeedsInvitation.Kind
MOST_WISHES = 5
PRESSES = signing.Signer(salt="training.needs-reply")
# Words that do not tell one topic from another.
LITTLE_WORDS = {
    *("a", "an", "and", "about", "at", "by", "for", "from", "how", "in", "into", "is", "it", "of", "on", "or", "our"),
    *("the", "their", "to", "training", "with", "when", "what"),
}


# Whom to ask


@transaction.atomic
def invite(analysis, *, organisations=(), groups=(), practitioners_of=()):
    """Make a link for each who has none yet; gives how many are new."""
    held = locked(analysis)
    wanted = [
        *({"kind": Kind.ORGANISATION, "organisation": each} for each in organisations),
        *({"kind": Kind.GROUP, "group": each} for each in groups),
        *({"kind": Kind.PRACTITIONERS, "organisation": each} for each in practitioners_of),
    ]
    return sum(NeedsInvitation.objects.get_or_create(analysis=held, **each)[1] for each in wanted)


@transaction.atomic
def take_back(invitation):
    """Ask them no more. Raises NotNow where somebody has answered."""
    locked(invitation.analysis)
    if invitation.replies.exists():
        raise NotNow("Somebody has answered by this link already, so it stays. End the link instead.")
    invitation.mails.filter(sent_at=None).delete()
    invitation.delete()


@transaction.atomic
def end_link(invitation):
    """From now on only the link that is shown next works, which nobody was given yet."""
    locked(invitation.analysis)
    NeedsInvitation.objects.filter(pk=invitation.pk).update(generation=F("generation") + 1, sent_on=None)


def mark_given(invitation, *, on):
    """They were given their link that day; a second press keeps the first day."""
    NeedsInvitation.objects.filter(pk=invitation.pk, sent_on=None).update(sent_on=on)


def addresses_of(invitations, *, on):
    """{invitation: {(person, address)}} of those with an account: the organisation's people, or the group's chairs."""
    organisations = {each.organisation_id for each in invitations} - {None}
    groups = {each.group_id for each in invitations} - {None}
    holding = PostHolding.objects.current(on=on).filter(user__is_active=True)
    by_organisation, by_group = defaultdict(set), defaultdict(set)
    own = holding.filter(post__organisation__in=organisations)
    for organisation, *person in own.values_list("post__organisation", "user", "user__email"):
        by_organisation[organisation].add(tuple(person))
    chairs = GroupMember.objects.current(on=on).filter(group__in=groups, role__in=CHAIRS)
    chaired = defaultdict(set)
    for group, post in chairs.values_list("group", "post"):
        chaired[post].add(group)
    for post, *person in holding.filter(post__in=chaired).values_list("post", "user", "user__email"):
        for group in chaired[post]:
            by_group[group].add(tuple(person))
    return {
        each: by_group[each.group_id] if each.group_id else by_organisation[each.organisation_id]
        for each in invitations
    }


@transaction.atomic
def mail_links(invitations, *, on, is_chasing=False):
    """Mail each its link; gives ([those that were mailed], [those without anybody who has an account]).

    The same link goes to the same person once; where they are chased, once a day.
    """
    told, without = [], []
    for invitation, people in addresses_of(invitations, on=on).items():
        telling = f"{invitation.pk}-{invitation.generation}"
        if is_chasing:
            telling = f"{telling}-{on:%y%m%d}"
        for person, address in sorted(people):
            put(MailKind.NEEDS, key=f"{telling}-{person}", address=address, invitation=invitation)
        (told if people else without).append(invitation)
        if people:
            mark_given(invitation, on=on)
    return told, without


def groups_to_ask(partnership):
    """Open groups of the partnership but those of case review, of which others may know nothing."""
    groups = Group.objects.filter(partnerships=partnership, closed_on=None)
    return groups.exclude(kind=Group.Kind.CASE_REVIEW).order_by("name")


# Replies


def new_press():
    """A number for one filled-in page: pressing twice makes one reply. It says nothing of whoever presses."""
    return PRESSES.sign(uuid.uuid4().hex)


def press_of(token):
    """The number that ``new_press`` gave; another where it was lost on the way."""
    try:
        return uuid.UUID(PRESSES.unsign(token))
    except (signing.BadSignature, ValueError):
        return uuid.uuid4()


@transaction.atomic
def keep_reply(invitation, *, press, wishes, by="", on):
    """Keep what somebody said; whether this was new. Raises NotNow where the questions are not open.

    ``wishes``: [{topic, audience, urgency, why}]. ``by`` is nobody's for practitioners.
    """
    held = NeedsInvitation.objects.select_for_update(of=["self"], no_key=True).select_related("analysis")
    held = held.get(pk=invitation.pk)
    if not held.analysis.is_asking(on=on):
        raise NotNow("The questions are closed.")
    reply, is_new = NeedsReply.objects.get_or_create(
        pk=press,
        defaults={"invitation": held, "replied_on": on, "by": "" if held.is_of_practitioners else by},
    )
    if is_new:
        NeedsWish.objects.bulk_create(
            NeedsWish(reply=reply, position=position, **wish) for position, wish in enumerate(wishes, start=1)
        )
    return is_new


# Who answered


@dataclass(frozen=True)
class Asked:
    """One invitation as its office may know of it. ``count`` is None of fewer than five practitioners."""

    invitation: NeedsInvitation
    count: int | None

    @property
    def has_answered(self):
        return bool(self.count)


def asked_of(analysis):
    """An Asked for each invitation (``with_replies``), members first, then groups, then practitioners. One query."""
    order = {kind: place for place, kind in enumerate(Kind)}
    found = analysis.invitations.with_replies().select_related("organisation", "group")
    asked = []
    for each in sorted(found, key=lambda one: (order[one.kind], str(one.asked))):
        each.analysis = analysis
        few = each.is_of_practitioners and each.reply_count < FEWEST_REPLIES
        asked.append(Asked(each, None if few else each.reply_count))
    return asked


def waiting_of(asked):
    """The invitations of those members and groups that have not answered; of practitioners nobody is chased."""
    return [each.invitation for each in asked if not each.invitation.is_of_practitioners and not each.has_answered]


# Wishes into needs


@dataclass
class Alike:
    """Wishes that say the same in the same words, but for their order and little words."""

    wishes: list = field(default_factory=list)

    @property
    def topic(self):
        return self.wishes[0].topic

    @property
    def key(self):
        return ",".join(str(wish.pk) for wish in self.wishes)

    @property
    def urgency(self):
        """The most urgent that anybody says."""
        return max(wish.urgency for wish in self.wishes)

    def said_by(self, kind, name):
        return {getattr(wish.reply.invitation, name) for wish in self.wishes if wish.reply.invitation.kind == kind}

    @property
    def asked(self):
        """ "2 organisations, 1 group and practitioners of 1 agency"."""
        return asked_words(
            len(self.said_by(Kind.ORGANISATION, "organisation_id")),
            len(self.said_by(Kind.GROUP, "group_id")),
            len(self.said_by(Kind.PRACTITIONERS, "organisation_id")),
        )


def counted(count, one, many):
    return f"{count} {one if count == 1 else many}"


def asked_words(members, groups, agencies):
    """Who asked for something, in numbers and never by name; "" where nobody did."""
    parts = [
        members and counted(members, "organisation", "organisations"),
        groups and counted(groups, "group", "groups"),
        agencies and f"practitioners of {counted(agencies, 'agency', 'agencies')}",
    ]
    *most, last = list(filter(None, parts)) or [""]
    return f"{', '.join(most)} and {last}" if most else last


def sense_of(topic):
    """By what two topics are the same: their words without little ones, whatever the order and whether one or many."""
    words = re.findall(r"\w+", topic.casefold().replace("’", "'").replace("'s", ""))
    telling = {word.removesuffix("s") if len(word) > 4 else word for word in words if word not in LITTLE_WORDS}
    return tuple(sorted(telling or words))


def unplaced(analysis, *, on):
    """[Alike] of all told wishes that are under no need: those said most often first, then by their words."""
    wishes = NeedsWish.objects.told(analysis, on=on).filter(need=None)
    wishes = wishes.select_related("reply__invitation__organisation", "reply__invitation__group")
    alike = defaultdict(Alike)
    for wish in wishes.order_by("-reply__replied_on", "position", "pk"):
        alike[sense_of(wish.topic)].wishes.append(wish)
    return sorted(alike.values(), key=lambda each: (-len(each.wishes), sense_of(each.topic)))


@transaction.atomic
def place_wishes(analysis, keys, *, need, on):
    """Put the told wishes of ``keys`` under ``need`` (of ``analysis``); gives how many."""
    held = locked(analysis)
    own = NeedsWish.objects.told(held, on=on).filter(pk__in=keys)
    count = NeedsWish.objects.filter(pk__in=own.values("pk")).update(need=need)
    if count:
        placed = need.wishes.aggregate(urgency=Max("urgency"))["urgency"]
        if placed > need.urgency:
            need.urgency = placed
            need.save(update_fields=["urgency"])
    return count


@transaction.atomic
def need_of_wishes(analysis, keys, *, topic, on):
    """(a need made of the told wishes of ``keys``, how many): its people and its urgency are theirs. None of none."""
    held = locked(analysis)
    wishes = list(NeedsWish.objects.told(held, on=on).filter(pk__in=keys).select_related("reply__invitation"))
    if not wishes:
        return None, 0
    audiences = dict.fromkeys(wish.audience for wish in wishes if wish.audience)
    kinds = {wish.reply.invitation.kind for wish in wishes}
    source = next(kind for kind in Kind if kind in kinds)
    need, _is_new = add_need(
        held,
        topic=shortened(topic or wishes[0].topic, MOST_TOPIC),
        audience=shortened(", ".join(audiences), 200),
        source=source,
        urgency=max(wish.urgency for wish in wishes),
    )
    return need, place_wishes(held, [wish.pk for wish in wishes], need=need, on=on)


@transaction.atomic
def unplace(wish):
    """Take it from under its need."""
    locked(wish.need.analysis)
    wish.need = None
    wish.save(update_fields=["need"])
