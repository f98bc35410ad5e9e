"""The form of one promise when a plan is carried forward, and of a priority started from what informs it."""

import json

from django import forms
from django.core import signing

from partnership.forms import PlannerForm, PlannerModelForm, SeenEncoder
from plans.carrying import CARRIED, DONE, DROPPED
from plans.cells import LONGEST_CELL
from plans.models import CarryDecision, Plan


class CarryForm(PlannerModelForm):
    """Done, carried or dropped; guarded against a second writer from the first answer on.

    ``row`` is a ``carrying.RowToCarry``. Each activity has a tick (``goes_<key>``) and its timescale
    (``words_<key>``).
    """

    submit_label = "Save"

    difference = forms.CharField(label="What difference did it make?", required=False, widget=forms.Textarea)
    why = forms.CharField(label="Why is it dropped?", required=False, widget=forms.Textarea)

    class Meta:
        model = CarryDecision
        fields = ["decision"]
        labels = {"decision": "What becomes of it?"}
        widgets = {"decision": forms.RadioSelect}
        error_messages = {"decision": {"required": "Choose what becomes of it: done, carried forward or dropped"}}

    def __init__(self, data=None, *, row, **kwargs):
        self.row = row
        instance = row.decision or CarryDecision(deliverable=row.deliverable)
        initial = {} if row.decision else {"decision": row.suggested[0]}
        super().__init__(data, instance=instance, initial=initial, auto_id=f"row{row.pk}_%s", **kwargs)
        for each in row.activities:
            self.fields[f"goes_{each.activity.pk}"] = forms.BooleanField(label=each.activity.text, required=False)
            self.fields[f"words_{each.activity.pk}"] = forms.CharField(
                label="Timescale",
                required=False,
                max_length=LONGEST_CELL,
                error_messages={"max_length": f"Use {LONGEST_CELL} characters or fewer"},
            )
        if "seen" not in self.fields:
            token = signing.dumps(self.values_now(), compress=True)
            self.fields["seen"] = forms.CharField(required=False, widget=forms.HiddenInput, initial=token)

    def extra_values(self):
        decision = self.row.decision
        reason = decision.reason if decision else ""
        values = {
            "difference": reason if decision and decision.decision == DONE else self.row.difference,
            "why": reason if decision and decision.decision == DROPPED else "",
        }
        for each in self.row.activities:
            values[f"goes_{each.activity.pk}"] = each.goes
            values[f"words_{each.activity.pk}"] = each.timescale
        return values

    def values_now(self):
        return json.loads(json.dumps({"decision": self.instance.decision} | self.extra_values(), cls=SeenEncoder))

    @property
    def choices(self):
        """(activity, its tick, its words) of each activity, as bound fields."""
        for each in self.row.activities:
            yield each, self[f"goes_{each.activity.pk}"], self[f"words_{each.activity.pk}"]

    def clean(self):
        cleaned = super().clean()
        decision = cleaned.get("decision")
        if decision == DONE and "difference" in cleaned and not cleaned["difference"]:
            self.add_error("difference", "Say what difference it made, or that it is too early to say")
        if decision == DROPPED and "why" in cleaned and not cleaned["why"]:
            self.add_error("why", "Say why it is dropped. The yearly report says so")
        return cleaned

    def values(self):
        """What ``carrying.decide`` takes."""
        cleaned = self.cleaned_data
        reasons = {DONE: cleaned["difference"], DROPPED: cleaned["why"], CARRIED: ""}
        return {
            "decision": cleaned["decision"],
            "reason": reasons[cleaned["decision"]],
            "activities": [
                {"activity": each.activity.pk, "timescale": cleaned[f"words_{each.activity.pk}"]}
                for each in self.row.activities
                if cleaned[f"goes_{each.activity.pk}"]
            ],
        }


class IntoForm(PlannerForm):
    """Which draft the plan is carried into."""

    submit_label = "Carry it into this draft"

    into = forms.ModelChoiceField(
        Plan.objects.none(),
        label="Into which draft?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose the draft that it is carried into",
            "invalid_choice": "This plan is approved already, or follows another. Choose from the list",
        },
    )

    def __init__(self, *args, drafts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = drafts


class PriorityForm(PlannerForm):
    """A priority started from something that should inform the plan."""

    submit_label = "Add the priority"

    title = forms.CharField(
        label="What is the priority?",
        max_length=LONGEST_CELL,
        help_text="In a few words, for children: “Seeing neglect early”.",
        error_messages={"required": "Enter what the priority is"},
    )
    reason = forms.CharField(
        label="Why it matters",
        widget=forms.Textarea({"rows": 4}),
        help_text="It stands under the priority and stays linked to where it comes from.",
        error_messages={"required": "Enter why it matters"},
    )
