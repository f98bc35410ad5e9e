"""Forms of the register of voices: who was heard, what was done and changed, and what the public reads."""

from django import forms
from django.db.models import Q

from assurance.models import VoiceEntry
from assurance.voices import is_theirs, known_priorities, own_groups, own_organisations
from partnership.forms import PlannerForm, PlannerModelForm
from partnership.models import Partnership
from partnership.templatetags.components import long_date
from plans.models import Plan
from reviews.forms.identities import IdentityGuard

NO_NAMES = "No names, and nothing by which somebody could be found: a school and an age together may be enough."


class VoiceForm(IdentityGuard, PlannerModelForm):
    """Who was heard and what they said. ``on``: today."""

    submit_label = "Save"

    people_count = forms.IntegerField(
        label="How many people were heard?",
        help_text="In figures. Leave it empty if nobody counted.",
        required=False,
        min_value=1,
        max_value=100_000,
        widget=forms.TextInput({"inputmode": "numeric", "class": "govuk-input--width-5"}),
        error_messages={
            "min_value": "Enter 1 or more, or leave it empty if nobody counted",
            "max_value": "Enter how many were heard, not how many live in the area",
        },
    )

    class Meta:
        model = VoiceEntry
        fields = [
            "said",
            "people",
            "who",
            "people_count",
            "how",
            "heard_on",
            "organisation",
            "group",
            "partnerships",
            "priorities",
        ]
        labels = {
            "said": "What did they say?",
            "people": "Whose voice is it?",
            "who": "Which group of people were they?",
            "how": "How were they heard?",
            "heard_on": "When were they heard?",
            "organisation": "Which organisation listened?",
            "group": "Which group of the partnership listened?",
            "partnerships": "For whom?",
            "priorities": "Which priorities is it about?",
        }
        help_texts = {
            "said": f"In their own words where you can. {NO_NAMES}",
            "who": "Like “Fathers from two estates”. A group, never a name.",
            "heard_on": "The last day, if it went on for longer.",
            "organisation": "It is asked later what was done about it.",
            "group": "Its chair is asked the same.",
            "priorities": "It is then shown where the partnership looks how these are going.",
        }
        error_messages = {
            "said": {"required": "Enter what they said"},
            "who": {"required": "Enter which group of people they were, like “Fathers from two estates”"},
            "heard_on": {"required": "Enter the day on which they were heard"},
            "partnerships": {"required": "Choose the partnership it is for"},
        }
        widgets = {
            "said": forms.Textarea({"rows": 5}),
            "people": forms.RadioSelect,
            "how": forms.RadioSelect,
            "partnerships": forms.CheckboxSelectMultiple,
            "priorities": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args, user, on, **kwargs):
        self.user, self.on = user, on
        super().__init__(*args, **kwargs)
        entry, standing = self.instance, user.standing
        self.before = entry.partnership_ids if entry.pk else set()
        mine = Partnership.objects.filter(pk__in=standing.partnership_ids)
        self.fields["partnerships"].queryset = mine
        self.others = self.before - {each.pk for each in mine}
        organisations, groups = own_organisations(user, on=on), own_groups(user)
        self.fields["organisation"].queryset = organisations | organisations.model.objects.filter(
            pk=entry.organisation_id
        )
        self.fields["group"].queryset = groups | groups.model.objects.filter(pk=entry.group_id)
        self.fields["priorities"].queryset = self.offered_priorities()
        self.fields["priorities"].label_from_instance = lambda priority: f"{priority.plan}: {priority}"
        if entry.people_count == 0:
            self.initial["people_count"] = None
        if not entry.pk:
            self.begin(mine, organisations)

    def offered_priorities(self):
        """Those of plans that have begun and are not closed, and the entry's own; all of plans that they may see."""
        known = known_priorities(self.user)
        is_offered = Q(retired_on=None, plan__starts_on__lte=self.on) & ~Q(plan__status=Plan.Status.CLOSED)
        is_offered &= Q(plan__partnerships__in=self.user.standing.partnership_ids)
        if self.instance.pk:
            is_offered |= Q(pk__in=self.instance.priorities.values("pk"))
        rows = known.filter(pk__in=known.model.objects.filter(is_offered).values("pk"))
        rows = rows.select_related("plan").prefetch_related("plan__partnerships")
        return rows.order_by("-plan__starts_on", "plan", "position")

    def begin(self, mine, organisations):
        """Choose what there is no choice about."""
        self.initial["people_count"] = None
        if len(mine) == 1:
            self.initial["partnerships"] = [mine[0].pk]
        if not self.user.standing.office_ids:
            own = list(organisations[:2])
            if len(own) == 1:
                self.initial["organisation"] = self.initial.get("organisation") or own[0].pk

    @property
    def answers(self):
        """The fields of an entry alone."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    def clean_people_count(self):
        return self.cleaned_data["people_count"] or 0

    def clean_heard_on(self):
        heard_on = self.cleaned_data["heard_on"]
        if heard_on > self.on:
            raise forms.ValidationError("Enter today or a day before")
        if heard_on.year < 2000:
            raise forms.ValidationError("Enter the year in which they were heard, like 2027")
        return heard_on

    def clean(self):
        """Somebody listened who may tell it here; group, organisation and priorities are of a partnership it is for."""
        answers = super().clean()
        chosen = list(answers.get("partnerships", ()))
        organisation, group = answers.get("organisation"), answers.get("group")
        ids = {each.pk for each in chosen} | self.others
        self.check_listener(chosen, organisation, group)
        if ids and group and not ids & group.partnership_ids:
            self.add_error("group", "Choose a group of the partnership it is for")
        if ids and any(not ids & priority.partnership_ids for priority in answers.get("priorities", ())):
            self.add_error("priorities", "Choose priorities of the partnership it is for")
        if self.others and chosen:  # those of an office elsewhere stay as they are
            answers["partnerships"] = Partnership.objects.filter(pk__in=ids)
        return answers

    def check_listener(self, chosen, organisation, group):
        office_ids = self.user.standing.office_ids
        if not office_ids and not organisation and not group and "organisation" not in self.errors:
            self.add_error("organisation", "Choose the organisation or the group that listened")
            return
        for partnership in chosen:
            if partnership.pk not in self.before and not is_theirs(
                self.user, partnership=partnership, organisation=organisation, group=group, on=self.on
            ):
                words = f"You speak for no organisation or group of {partnership} that is named here"
                self.add_error("partnerships", f"{words}. Choose another partnership, or who listened")


class VoiceDidForm(IdentityGuard, PlannerModelForm):
    """What was done or why nothing was, and what changed. What stood before stays in the history. ``on``: today."""

    submit_label = "Save"

    class Meta:
        model = VoiceEntry
        fields = ["did", "not_done_because", "did_on", "changed", "changed_on"]
        labels = {
            "did": "What did you do?",
            "not_done_because": "If nothing was done: why?",
            "did_on": "When was it done, or decided?",
            "changed": "What changed because of it?",
            "changed_on": "When was that seen?",
        }
        help_texts = {
            "did": "What people can check: who did what. Add to it as it goes on.",
            "not_done_because": "An honest “we could not, because …” is an answer.",
            "changed": "For the people who said it. Leave it empty until you know.",
        }
        widgets = {
            "did": forms.Textarea({"rows": 4}),
            "not_done_because": forms.Textarea({"rows": 3}),
            "changed": forms.Textarea({"rows": 4}),
        }

    def __init__(self, *args, on, **kwargs):
        self.on = on
        super().__init__(*args, **kwargs)

    def clean_did_on(self):
        return self.checked_day("did_on")

    def clean_changed_on(self):
        return self.checked_day("changed_on")

    def checked_day(self, name):
        day = self.cleaned_data[name]
        if day and day > self.on:
            raise forms.ValidationError("Enter today or a day before")
        if day and day < self.instance.heard_on:
            raise forms.ValidationError(f"Enter a day after they were heard, on {long_date(self.instance.heard_on)}")
        return day

    def clean(self):
        """Either something was done or it is said why not; what changed comes after. A day left empty is today."""
        answers = super().clean()
        did, because, changed = (answers.get(name) for name in ("did", "not_done_because", "changed"))
        if did and because:
            self.add_error("not_done_because", "You say above what was done. Empty one of the two")
        elif changed and not did:
            self.add_error("did", "Enter what was done before you say what changed because of it")
        elif not (did or because) and not self.errors:
            self.add_error("did", "Enter what was done, or below why nothing was")
        for words, day in ((did or because, "did_on"), (changed, "changed_on")):
            if day not in self.errors:
                answers[day] = (answers.get(day) or self.on) if words else None
        return answers


class VoicePublishForm(IdentityGuard, PlannerModelForm):
    """The words that the public reads; they begin with those of the entry."""

    submit_label = "Show it to the public"

    is_checked = forms.BooleanField(
        label="I have read the whole of it, and nobody can be known from it",
        help_text="Neither by a name nor by putting an age, a place, a date and a family together.",
        error_messages={"required": "Read it once more, and tick this when nobody can be known from it"},
    )

    WORDS = {
        "public_who": "who",
        "public_said": "said",
        "public_did": "did",
        "public_because": "not_done_because",
        "public_changed": "changed",
    }

    class Meta:
        model = VoiceEntry
        fields = ["public_who", "public_said", "public_did", "public_because", "public_changed"]
        labels = {
            "public_who": "Who told us?",
            "public_said": "What did they tell us?",
            "public_did": "What did we do?",
            "public_because": "Why was nothing done?",
            "public_changed": "What changed because of it?",
        }
        help_texts = {
            "public_who": "A group, in words that say nothing of where each of them lives or learns.",
            "public_said": "Short, in their own words.",
            "public_did": "In easy words, without names of meetings and teams.",
        }
        error_messages = {
            "public_who": {"required": "Enter which group of people told us"},
            "public_said": {"required": "Enter what they told us"},
        }
        widgets = {
            "public_said": forms.Textarea({"rows": 4}),
            "public_did": forms.Textarea({"rows": 4}),
            "public_because": forms.Textarea({"rows": 3}),
            "public_changed": forms.Textarea({"rows": 4}),
        }

    def __init__(self, *args, instance, initial=None, **kwargs):
        inside = {} if instance.is_public else {name: self.words_of(instance, name) for name in self.WORDS}
        super().__init__(*args, instance=instance, initial=inside | (initial or {}), **kwargs)
        for name in ("public_who", "public_said"):
            self.fields[name].required = True
        if instance.is_public:
            self.submit_label = "Save what the public reads"

    def words_of(self, instance, name):
        """What was told before; else what stands inside."""
        return getattr(instance, name) or getattr(instance, self.WORDS[name])

    def clean(self):
        answers = super().clean()
        did, because = answers.get("public_did"), answers.get("public_because")
        if did and because:
            self.add_error("public_because", "You say above what we did. Empty one of the two")
        elif not (did or because) and not self.errors:
            self.add_error("public_did", "Enter what we did, or below why nothing was done")
        elif answers.get("public_changed") and not did:
            self.add_error("public_changed", "Enter above what we did, or leave this empty")
        return answers


class SetAsideForm(PlannerForm):
    """Why what a report said is not for the register."""

    submit_label = "Set it aside"

    because = forms.CharField(
        label="Why does it not belong into the register?",
        max_length=300,
        help_text="Like “The same as the survey of June” or “Says that nobody was heard”.",
        error_messages={"required": "Enter why it does not belong into the register"},
    )
