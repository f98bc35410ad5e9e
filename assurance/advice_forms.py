"""Forms of what the independent advisor looked at: the note, the answer to it, and what came of it."""

from datetime import date

from django import forms
from django.db.models import Q

from assurance.advice import sources_offered
from assurance.models import AdvisorNote
from assurance.request_forms import refuse_far_day
from partnership.forms import PlannerModelForm
from partnership.models import Group, Membership, Organisation, Partnership
from plans.models import Plan, Priority

EARLIEST = date(2000, 1, 1)
ASKING = ["asked", "to_organisation", "to_group", "answer_due_on"]


class AdvisorNoteForm(PlannerModelForm):
    """What was looked at and said, and perhaps what is asked, of whom and by when.

    What was asked stands once it is answered or made a challenge.
    """

    submit_label = "Save"

    source_key = forms.ChoiceField(label="Which record was it?", required=False)

    class Meta:
        model = AdvisorNote
        fields = ["partnership", "looked_at", "kind", "looked_on", "source_key", "said", *ASKING, "priorities"]
        labels = {
            "partnership": "For which partnership?",
            "looked_at": "What was looked at?",
            "kind": "How?",
            "looked_on": "When?",
            "said": "What do you say of it?",
            "priorities": "Which priorities of a plan is it about?",
            "asked": "What do you ask?",
            "to_organisation": "Which organisation should answer?",
            "to_group": "Or which group?",
            "answer_due_on": "By when?",
        }
        help_texts = {
            "looked_at": "Like “Ten plans for children living with neglect”. Never a name.",
            "said": "In your own words: what is good, and what worries you. Nothing by which a child, an adult or a "
            "family could be known.",
            "priorities": "",
            "asked": "Leave this empty where you only say what you saw.",
            "to_organisation": "Whoever represents it sees this note, and is reminded.",
            "to_group": "Its chair sees this note, and answers.",
        }
        error_messages = {
            "partnership": {"required": "Choose the partnership"},
            "looked_at": {"required": "Enter what was looked at"},
            "looked_on": {"required": "Enter the day on which it was looked at"},
            "said": {"required": "Enter what you say of it"},
        }
        widgets = {"kind": forms.RadioSelect, "priorities": forms.CheckboxSelectMultiple}

    def __init__(self, *args, user, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on
        note = self.instance
        if note.pk:
            mine = {note.partnership_id}
            del self.fields["partnership"]
        else:
            partnerships = Partnership.objects.filter(pk__in=user.standing.wide_ids)
            mine = {each.pk for each in partnerships}
            self.fields["partnership"].queryset = partnerships
            if len(mine) == 1:
                note.partnership = partnerships[0]
                del self.fields["partnership"]
        if note.answered_on or note.challenge_id:
            for name in ASKING:
                del self.fields[name]
        else:
            self.offer_parties(mine)
        self.fields["source_key"].choices = self.sources(user)
        plans = Plan.objects.visible_to(user).filter(partnerships__in=mine).exclude(status=Plan.Status.CLOSED)
        offered = Q(plan__in=plans.values("pk"), retired_on=None)
        if note.pk:
            offered |= Q(advisor_notes=note)
        rows = Priority.objects.filter(offered).distinct().select_related("plan")
        self.fields["priorities"].queryset = rows.prefetch_related("plan__partnerships").order_by(
            "-plan__starts_on", "plan", "position"
        )
        self.fields["priorities"].label_from_instance = lambda priority: f"{priority.plan}: {priority}"

    def offer_parties(self, partnership_ids):
        """Members of today and open groups, never a case review group; and whoever is asked already."""
        members = Membership.objects.current(on=self.on).filter(partnership__in=partnership_ids)
        self.fields["to_organisation"].queryset = Organisation.objects.filter(
            Q(pk__in=members.values("organisation")) | Q(pk=self.instance.to_organisation_id)
        ).order_by("name")
        links = Group.partnerships.through.objects.filter(partnership__in=partnership_ids)
        groups = Group.objects.open().exclude(kind=Group.Kind.CASE_REVIEW).filter(pk__in=links.values("group"))
        self.fields["to_group"].queryset = Group.objects.filter(
            Q(pk__in=groups.values("pk")) | Q(pk=self.instance.to_group_id)
        ).order_by("name")

    def sources(self, user):
        """What can be named, in groups; and what is named already, though it is too old to be offered."""
        offered = sources_offered(user, on=self.on)
        key = self.instance.source_key
        if key and key not in {found for _heading, choices in offered for found, _label in choices}:
            offered.insert(0, ("As it is", [(key, "The record named before")]))
        return [("", "None of these"), *offered]

    def clean_looked_at(self):
        return " ".join(self.cleaned_data["looked_at"].split())

    def clean_looked_on(self):
        looked_on = self.cleaned_data["looked_on"]
        if looked_on > self.on:
            raise forms.ValidationError("Enter a day that is not in the future")
        if looked_on < EARLIEST:
            raise forms.ValidationError("Enter a day after the year 2000 began")
        return looked_on

    def clean_answer_due_on(self):
        day = self.cleaned_data["answer_due_on"]
        if day and day != self.initial.get("answer_due_on"):
            if day < self.on:
                raise forms.ValidationError("Enter a day that has not passed")
            refuse_far_day(day, on=self.on)
        return day

    def clean(self):
        """What is asked has one who answers and a day; and all is of the partnership it is for."""
        answers = super().clean()
        partnership = answers.get("partnership") or self.instance.partnership_id and self.instance.partnership
        if partnership:
            for name in ("to_organisation", "to_group"):
                party = answers.get(name)
                if party and not self.is_of(party, partnership):
                    self.add_error(name, f"Choose one of {partnership}")
            if any(partnership.pk not in each.plan.partnership_ids for each in answers.get("priorities", ())):
                self.add_error("priorities", f"Choose priorities of {partnership}’s plans")
        if "asked" in self.fields:
            self.clean_asking(answers)
        return answers

    def is_of(self, party, partnership):
        if isinstance(party, Group):
            return partnership.pk in party.partnership_ids
        stands = party.pk == self.instance.to_organisation_id
        return stands or party.memberships.current(on=self.on).filter(partnership=partnership).exists()

    def clean_asking(self, answers):
        parties = [name for name in ("to_organisation", "to_group") if answers.get(name)]
        due_on = answers.get("answer_due_on")
        if not answers.get("asked"):
            if (parties or due_on) and "asked" not in self.errors:
                self.add_error("asked", "Enter what you ask, or take out who should answer and by when")
            return
        if len(parties) > 1:
            self.add_error("to_group", "Choose an organisation or a group, not both")
        elif not parties and not {"to_organisation", "to_group"} & set(self.errors):
            self.add_error("to_organisation", "Choose the organisation or the group that should answer")
        if not due_on and "answer_due_on" not in self.errors:
            self.add_error("answer_due_on", "Enter the day by which you want an answer")


class AnswerForm(PlannerModelForm):
    submit_label = "Send the answer"

    class Meta:
        model = AdvisorNote
        fields = ["answer"]
        labels = {"answer": "What do you answer?"}
        help_texts = {"answer": "What you do about it and by when, or why you see it differently."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["answer"].required = True
        self.fields["answer"].error_messages["required"] = "Enter your answer"


class CloseForm(PlannerModelForm):
    submit_label = "Close it"

    class Meta:
        model = AdvisorNote
        fields = ["difference"]
        labels = {"difference": "What difference did it make?"}
        help_texts = {"difference": "What is different now, or that nothing is. It stands in the list for the year."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["difference"].required = True
        self.fields["difference"].error_messages["required"] = "Enter what came of it, even if it is nothing"
