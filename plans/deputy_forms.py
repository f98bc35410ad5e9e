"""Handing a deliverable on, and naming who answers while one is away."""

from django import forms

from partnership.forms import DateField, PlannerForm, SearchField
from partnership.models import User
from partnership.standing import standing_of
from plans.deputies import people_leading, people_of
from plans.models import Deliverable


def named(person):
    return f"{person.name or person.email}"


class DeputyForm(PlannerForm):
    """Who answers, and for whom. ``given_by`` is asked of an office alone; a lead speaks for themselves."""

    given_by = forms.ModelChoiceField(
        queryset=User.objects.none(),
        label="For which lead?",
        error_messages={"required": "Choose the lead for whom somebody else answers"},
    )
    given_to = SearchField(
        User.objects.none(),
        name_of=named,
        label="Who answers?",
        help_text="Somebody who holds a post in this partnership. Type part of the name.",
        error_messages={"required": "Enter who is to answer"},
    )
    note = forms.CharField(
        required=False,
        label="What should they know?",
        help_text="They and the office read it. No child’s or family’s name.",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
    )

    def __init__(self, *args, user, leads, deputies, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        if leads is None:
            del self.fields["given_by"]
            deputies = deputies.exclude(pk=user.pk)
        else:
            self.fields["given_by"].queryset = leads.order_by("name", "pk")
            self.fields["given_by"].label_from_instance = named
        self.fields["given_to"].queryset = deputies.order_by("name", "pk")

    def answer(self):
        """What was asked, whoever asked it."""
        return {"given_by": self.user, **self.cleaned_data}


class HandOnForm(DeputyForm):
    submit_label = "Hand it on"

    def __init__(self, *args, user, deliverable, on, **kwargs):
        leads = None if deliverable.is_led_by(standing_of(user)) else people_leading([deliverable.pk], on=on)
        deputies = people_of(deliverable.partnership_ids, on=on)
        super().__init__(*args, user=user, leads=leads, deputies=deputies, **kwargs)


class CoverForm(DeputyForm):
    """For an office: which of its leads is away, itself among them; for anybody else: oneself."""

    submit_label = "Save"
    field_order = ["given_by", "starts_on", "ends_on", "given_to", "note"]

    starts_on = DateField(label="First day away", error_messages={"required": "Enter the first day away"})
    ends_on = DateField(label="Last day away", error_messages={"required": "Enter the last day away"})

    def __init__(self, *args, user, on, **kwargs):
        standing = standing_of(user)
        leads = None
        if standing.office_ids:
            led = Deliverable.objects.open().filter(priority__plan__partnerships__in=standing.office_ids)
            leads = people_leading(led.values("pk"), on=on)
        deputies = people_of(standing.partnership_ids, on=on)
        super().__init__(*args, user=user, leads=leads, deputies=deputies, **kwargs)
