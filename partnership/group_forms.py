"""The forms of groups, the seats in them and their terms of reference."""

from datetime import timedelta

from django import forms
from django.db.models import Q

from partnership.forms import PlannerForm, PlannerModelForm, SearchField
from partnership.models import Group, GroupMember, Meeting, Partnership, Post, TermsOfReference
from partnership.seats import EarlierChair, chairs_between
from partnership.standing import standing_of
from partnership.templatetags.components import long_date, sentence_join

LONGEST_TERMS = 20_000  # characters: about eight pages
MOST_WORKING_DAYS = 60
A_YEAR = timedelta(days=365)
Role = GroupMember.Role


# Groups


class GroupForm(PlannerModelForm):
    """A new group, or changes to one. ``may_reopen`` is asked of a closed group only."""

    is_reopened = forms.BooleanField(
        required=False,
        label="Open this group again",
        help_text="The seats that ended on its last day are taken up again. Look through them afterwards.",
    )

    class Meta:
        model = Group
        fields = [
            "name",
            "kind",
            "partnerships",
            "parent",
            "purpose",
            "opened_on",
            "is_public",
            "papers_working_days",
            "attendance_percent",
            "leads_session_of",
        ]
        labels = {
            "name": "Name",
            "kind": "What kind of group is it?",
            "partnerships": "Whose group is it?",
            "parent": "Which group does it report to?",
            "purpose": "What is it for?",
            "opened_on": "First day",
            "is_public": "Show it on the public page, with its terms of reference",
            "papers_working_days": "How many working days before a meeting are papers sent?",
            "attendance_percent": "Below what percentage of meetings is an organisation seldom there?",
            "leads_session_of": "Which board has it lead a session each year?",
        }
        help_texts = {
            "kind": "A task and finish group closes when its work is done. What a case review group does is seen "
            "by its members alone, and a case review group stays one.",
            "partnerships": "Choose several for a joint group.",
            "leads_session_of": "As a young people’s group does. The session, planned or not, is shown on both pages.",
            "purpose": "One or two sentences, for lists and the public page.",
            "opened_on": "Leave it empty if nobody knows any more.",
            "papers_working_days": "",
            "attendance_percent": "In a year. Its attendance is then pointed out on the group’s pages.",
        }
        error_messages = {
            "name": {"required": "Enter what the group is called"},
            "partnerships": {"required": "Choose at least one partnership of your office"},
            "attendance_percent": {
                "max_value": "Enter a percentage from 0 to 100",
                "min_value": "Enter a percentage from 0 to 100",
            },
            "papers_working_days": {"min_value": "Enter 0 or more working days"},
        }
        widgets = {
            "partnerships": forms.CheckboxSelectMultiple,
            "purpose": forms.Textarea({"rows": "3"}),
            "papers_working_days": forms.NumberInput({"class": "govuk-input--width-3"}),
            "attendance_percent": forms.NumberInput({"class": "govuk-input--width-3"}),
        }

    def __init__(self, *args, user, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on
        self.office_ids = standing_of(user).office_ids
        self.is_new = self.instance._state.adding
        self.submit_label = "Add the group" if self.is_new else "Save"
        self.others = [] if self.is_new else list(self.instance.partnerships.exclude(pk__in=self.office_ids))
        self._ask_whose()
        self._ask_where(user)
        if self.instance.is_restricted and not self.is_new:
            del self.fields["kind"]
        if self.instance.closed_on is None:
            del self.fields["is_reopened"]

    def _ask_whose(self):
        field = self.fields["partnerships"]
        field.queryset = Partnership.objects.filter(pk__in=self.office_ids)
        if self.is_new and len(self.office_ids) == 1:
            self.initial["partnerships"] = list(self.office_ids)
        if self.others:
            field.help_text = f"It is also a group of {sentence_join(self.others)}, whose own office decides that."

    def _ask_where(self, user):
        kept = [self.instance.parent_id, self.instance.leads_session_of_id]
        visible = Group.objects.visible_to(user).values("pk")
        known = Group.objects.filter(Q(pk__in=visible, closed_on=None) | Q(pk__in=kept)).order_by("name")
        self.parents = {group.pk: group for group in Group.objects.filter(Q(pk__in=visible) | Q(pk__in=kept))}
        for name, empty in (("parent", "None: it stands at the top"), ("leads_session_of", "None")):
            self.fields[name].queryset = known
            self.fields[name].empty_label = empty
            # Whoever sends one of the choices left out is told why, so the queryset has them all.
            own = {self.instance.pk} if name == "leads_session_of" else {self.instance.pk, *self._below()}
            self.fields[name].choices = [
                ("", empty),
                *((group.pk, group.name) for group in known if group.pk not in own),
            ]

    def _below(self):
        """Keys of the groups that report to this one, directly or not."""
        below, rest = set(), {self.instance.pk} - {None}
        while rest:
            rest = {group.pk for group in self.parents.values() if group.parent_id in rest} - below
            below |= rest
        return below

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())

    def clean_partnerships(self):
        """Those of one's own office as chosen; the others stay."""
        return [*self.cleaned_data["partnerships"], *self.others]

    def clean_parent(self):
        parent = self.cleaned_data["parent"]
        if parent and parent.pk == self.instance.pk:
            raise forms.ValidationError("A group can’t report to itself. Choose another, or none")
        if parent and parent.pk in self._below():
            raise forms.ValidationError(
                f"{parent} reports to this group, so this group can’t report to it. Choose another, or none"
            )
        return parent

    def say_circle(self):
        """Somebody else closed the circle meanwhile, so the database refused."""
        self.add_error("parent", "That group has just begun to report to this one. Choose another, or none")

    def clean_leads_session_of(self):
        board = self.cleaned_data["leads_session_of"]
        if board and board.pk == self.instance.pk:
            raise forms.ValidationError("A group leads its own meetings. Choose the board whose session it leads")
        return board

    def clean_papers_working_days(self):
        days = self.cleaned_data["papers_working_days"]
        if days > MOST_WORKING_DAYS:
            raise forms.ValidationError(f"Enter {MOST_WORKING_DAYS} working days or fewer")
        return days

    def clean(self):
        cleaned = super().clean()
        partnerships = cleaned.get("partnerships") or []
        if cleaned.get("kind") == Group.Kind.CASE_REVIEW and {p.pk for p in partnerships} - self.office_ids:
            self.add_error(
                "kind",
                "Who sits in a case review group sees cases, so only the offices of all its partnerships may make one. "
                f"It is also a group of {sentence_join(self.others)}",
            )
        opened_on = cleaned.get("opened_on")
        if opened_on and self.instance.closed_on and opened_on > self.instance.closed_on:
            self.add_error("opened_on", f"It closed on {long_date(self.instance.closed_on)}. Enter that day or earlier")
        if "name" in cleaned and partnerships:
            self._refuse_twin(cleaned["name"], partnerships)
        return cleaned

    def _refuse_twin(self, name, partnerships):
        twins = Group.objects.open().filter(name__iexact=name, partnerships__in=partnerships)
        if twins.exclude(pk=self.instance.pk).exists():
            self.add_error(
                "name", "There is an open group of this name already. Change that one, or say how this differs"
            )


class CloseGroupForm(PlannerForm):
    submit_label = "Close the group"
    submit_kind = "warning"

    last_day = forms.DateField(label="Last day", error_messages={"required": "Enter the group’s last day"})
    reason = forms.CharField(
        label="Why is it closing?",
        widget=forms.Textarea({"rows": "3"}),
        help_text="Kept in its history.",
        error_messages={"required": "Say why, as “Its work is done: the guide is in use”"},
    )

    def __init__(self, *args, group, user, on, **kwargs):
        super().__init__(*args, initial={"last_day": on}, **kwargs)
        self.group, self.user, self.on = group, user, on

    def clean_last_day(self):
        day = self.cleaned_data["last_day"]
        if day > self.on:
            raise forms.ValidationError("Its last day is still to come. Close it then, or enter an earlier day")
        if self.group.opened_on and day < self.group.opened_on:
            raise forms.ValidationError(
                f"It opened on {long_date(self.group.opened_on)}. Enter that day or a later one"
            )
        later = Meeting.objects.visible_to(self.user).planned().filter(group=self.group, meets_on__gt=day)
        days = [long_date(day) for day in later.values_list("meets_on", flat=True)]
        if days:
            raise forms.ValidationError(
                f"It still has meetings planned: {sentence_join(days)}. Cancel or move them first"
            )
        return day

    def clean(self):
        cleaned = super().clean()
        reporting = list(self.group.children.open())
        if reporting:
            verb = "reports" if len(reporting) == 1 else "report"
            self.add_error(
                None,
                f"{sentence_join(reporting)} still {verb} to it. First close them, or have them report to another",
            )
        return cleaned


# Seats


class SeatForm(PlannerModelForm):
    """A seat: the post, its part, from when to when. ``instance`` has its group already."""

    post = SearchField(
        Post.objects.none(),
        label="Which post has the seat?",
        help_text="Type part of its title, its organisation or who holds it.",
        error_messages={"required": "Choose the post: seats belong to posts, and pass to whoever holds the post next"},
    )
    earlier_chair = forms.ChoiceField(label="", choices=EarlierChair, widget=forms.RadioSelect, required=False)
    part_from = forms.DateField(
        required=False,
        label="If its part changes on a day, which?",
        help_text="Until then it keeps the part it has. Leave it empty to put right what was wrong all along.",
    )

    class Meta:
        model = GroupMember
        fields = ["post", "role", "deputy_for", "has_equal_authority", "from_on", "to_on"]
        labels = {
            "role": "What is its part?",
            "deputy_for": "Whom does it deputise for?",
            "has_equal_authority": "It has equal authority: it may decide and commit money as they may",
            "from_on": "First day",
            "to_on": "Last day",
        }
        help_texts = {
            "deputy_for": "For a deputy only.",
            "has_equal_authority": "For a deputy only. One who may not decide is an observer.",
            "from_on": "Leave it empty if nobody knows any more.",
            "to_on": "Leave it empty while it goes on.",
        }
        widgets = {"role": forms.RadioSelect}

    field_order = [
        "post", "role", "part_from", "earlier_chair", "deputy_for", "has_equal_authority", "from_on", "to_on",
    ]  # fmt: skip

    def __init__(self, *args, user, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.group, self.on = self.instance.group, on
        self.is_new = self.instance._state.adding
        self.role_before = None if self.is_new else self.instance.role
        self.submit_label = "Add the seat" if self.is_new else "Save"
        self._ask_post(user)
        self._ask_deputy()
        self._ask_chair()

    def _ask_post(self, user):
        if not self.is_new:
            del self.fields["post"]
            return
        del self.fields["part_from"]
        posts = Post.objects.of_partnerships(standing_of(user).office_ids).values("pk")
        known = Post.objects.open(on=self.on).filter(pk__in=posts).select_related("organisation")
        self.fields["post"].queryset = known.with_holders(on=self.on).order_by("title", "organisation__name")
        self.fields["post"].name_of = post_with_holder

    def _ask_deputy(self):
        seats = self.group.members.exclude(role=Role.DEPUTY).exclude(pk=self.instance.pk)
        known = Q(pk__in=seats.overlapping(self.on, None).values("pk")) | Q(pk=self.instance.deputy_for_id)
        field = self.fields["deputy_for"]
        field.queryset = GroupMember.objects.filter(known).select_related("post__organisation").in_order()
        field.label_from_instance = lambda seat: str(seat.post)
        field.empty_label = "Nobody: it is no deputy"

    def _ask_chair(self):
        self.chairs = chairs_between(self.group, self.on, None, besides=self.instance.pk)
        if not self.chairs or self.role_before == Role.CHAIR:
            del self.fields["earlier_chair"]
            return
        names = sentence_join([chair.post for chair in self.chairs])
        self.fields["earlier_chair"].label = f"If it becomes the chair: what of {names}, the chair now?"
        self.fields[
            "earlier_chair"
        ].help_text = "There is one chair at a time. Their deputies’ seats end, or pass on, with theirs."

    def clean(self):
        cleaned = super().clean()
        from_on, to_on = cleaned.get("from_on"), cleaned.get("to_on")
        if from_on and to_on and to_on < from_on:
            self.add_error("to_on", "The last day is before the first. Change one of them")
        self._check_part_from(cleaned)
        if not self.errors:
            self._check_deputy(cleaned)
            self._check_post(cleaned, from_on, to_on)
            self._check_chair(cleaned, cleaned.get("part_from") or from_on, to_on)
        return cleaned

    def _check_part_from(self, cleaned):
        day, from_on, to_on = (cleaned.get(name) for name in ("part_from", "from_on", "to_on"))
        if not day:
            return
        if cleaned.get("role") == self.role_before:
            self.add_error("part_from", "Its part stays the same, so leave this empty")
        elif from_on and day <= from_on:
            self.add_error(
                "part_from", f"The seat begins on {long_date(from_on)}. Enter a later day, or leave this empty"
            )
        elif to_on and day > to_on:
            self.add_error("part_from", f"The seat ends on {long_date(to_on)}. Enter that day or an earlier one")

    def _check_deputy(self, cleaned):
        is_deputy = cleaned["role"] == Role.DEPUTY
        if is_deputy and not cleaned.get("deputy_for"):
            self.add_error("deputy_for", "Choose whose seat this deputy takes when they can’t come")
        if is_deputy and not cleaned.get("has_equal_authority"):
            self.add_error(
                "has_equal_authority",
                "A deputy may decide and commit money as the member may. Tick this, or choose Observer instead",
            )
        if not is_deputy:
            if cleaned.get("deputy_for"):
                self.add_error("deputy_for", "Only a deputy deputises. Choose “Nobody”, or choose Deputy as its part")
            cleaned["has_equal_authority"] = False

    def _check_post(self, cleaned, from_on, to_on):
        post = cleaned["post"] if self.is_new else self.instance.post
        taken = self.group.members.filter(post=post).exclude(pk=self.instance.pk).overlapping(from_on, to_on).first()
        if taken is None:
            return
        days = f"from {long_date(taken.from_on)}" if taken.from_on else "already"
        if taken.to_on:
            days += f" until {long_date(taken.to_on)}"
        self.add_error(
            "post" if self.is_new else "from_on",
            f"{post} has a seat here {days} ({taken.get_role_display().lower()}). Change that, or enter other days",
        )

    def _check_chair(self, cleaned, from_on, to_on):
        if cleaned.get("role") != Role.CHAIR:
            return
        earlier = chairs_between(self.group, from_on, to_on, besides=self.instance.pk)
        if not earlier:
            return
        last = earlier[-1]
        day_field = "part_from" if cleaned.get("part_from") else "from_on"
        if from_on is None:
            self.add_error(day_field, f"Enter the day on which it takes the chair from {last.post}")
        elif any(chair.from_on and chair.from_on >= from_on for chair in earlier):
            self.add_error(
                day_field,
                f"{last.post} has the chair from {long_date(last.from_on)}. Enter a later day, or change that seat",
            )
        elif "earlier_chair" not in self.fields:
            self.add_error(day_field, f"{last.post} has the chair then. Enter other days, or change that seat first")
        elif not cleaned.get("earlier_chair"):
            self.add_error("earlier_chair", f"Say what becomes of {last.post}, who has the chair until then")


def post_with_holder(post):
    """ "Head of Midwifery, St Brannoc’s (Delia Marchetti)"; needs ``with_holders``."""
    holders = sentence_join([holding.user for holding in post.current_holdings]) or "vacant"
    return f"{post} ({holders})"


class EndSeatForm(PlannerForm):
    submit_label = "End the seat"
    submit_kind = "warning"

    last_day = forms.DateField(label="Last day", error_messages={"required": "Enter the last day of this seat"})

    def __init__(self, *args, seat, on, **kwargs):
        super().__init__(*args, initial={"last_day": on}, **kwargs)
        self.seat = seat

    def clean_last_day(self):
        day = self.cleaned_data["last_day"]
        if self.seat.from_on and day < self.seat.from_on:
            raise forms.ValidationError(
                f"The seat begins on {long_date(self.seat.from_on)}. Enter that day or a later one"
            )
        return day


# Terms of reference


class TermsForm(PlannerModelForm):
    """A draft of a group's terms."""

    submit_label = "Save the draft"

    remit = forms.CharField(
        label="Remit",
        help_text="What the group does, decides and answers for.",
        widget=forms.Textarea({"rows": "10"}),
        max_length=LONGEST_TERMS,
        error_messages={"required": "Enter what the group does, decides and answers for"},
    )
    membership = forms.CharField(
        label="Membership",
        help_text="Which posts and organisations have a seat, and at what level.",
        widget=forms.Textarea({"rows": "8"}),
        max_length=LONGEST_TERMS,
        error_messages={"required": "Enter which posts and organisations have a seat"},
    )

    class Meta:
        model = TermsOfReference
        fields = ["remit", "membership", "quorum", "frequency", "reason"]
        labels = {
            "quorum": "Quorum",
            "frequency": "How often does it meet?",
            "reason": "What changes in this version, and why?",
        }
        help_texts = {"quorum": "How many, and who, must be there to decide."}
        error_messages = {"quorum": {"required": "Enter how many, and who, must be there to decide"}}
        widgets = {"reason": forms.Textarea({"rows": "3"})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.version == 1:
            del self.fields["reason"]
        else:
            self.fields["reason"].required = True
            self.fields["reason"].error_messages["required"] = "Say what changes in this version, and why"


class AgreeTermsForm(PlannerForm):
    submit_label = "Agree these terms"

    agreed_on = forms.DateField(
        label="Agreed on",
        help_text="The day of the meeting that agreed them.",
        error_messages={"required": "Enter the day on which they were agreed"},
    )
    next_review_on = forms.DateField(
        label="To be looked at again by",
        help_text="The chair is reminded before that day.",
        error_messages={"required": "Enter by when they are to be looked at again"},
    )

    def __init__(self, *args, terms, on, **kwargs):
        super().__init__(*args, initial={"agreed_on": on, "next_review_on": on + A_YEAR}, **kwargs)
        self.terms, self.on = terms, on

    def clean_agreed_on(self):
        day = self.cleaned_data["agreed_on"]
        before = self.terms.version_before()
        if day > self.on:
            raise forms.ValidationError("That day is still to come. Enter it once they have been agreed")
        if before and day < before.agreed_on:
            raise forms.ValidationError(
                f"Version {before.version} was agreed on {long_date(before.agreed_on)}. Enter that day or a later one"
            )
        return day

    def clean(self):
        cleaned = super().clean()
        agreed_on, review_on = cleaned.get("agreed_on"), cleaned.get("next_review_on")
        if agreed_on and review_on and review_on <= agreed_on:
            self.add_error("next_review_on", "Enter a day after the one on which they were agreed")
        return cleaned
