"""What somebody who is asked says they have to learn: a practitioner without a name, a member or a group with one."""

from django import forms

from partnership.forms import PlannerForm
from training.models import NeedsReply, Urgency
from training.needs.asking import MOST_WISHES, new_press

LONGEST_WHY = 1000


class UrgencyField(forms.TypedChoiceField):
    """Always answered: whoever leaves it as it is says "This year"."""

    def __init__(self):
        super().__init__(
            label="How soon?",
            coerce=int,
            initial=Urgency.THIS_YEAR,
            choices=reversed(Urgency.choices),
            widget=forms.RadioSelect,
        )

    def clean(self, value):
        return super().clean(value or Urgency.THIS_YEAR)


class WishFields(forms.Form):
    """Up to five things to learn, each with four short questions."""

    WISH = ("topic", "audience", "urgency", "why")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for number in range(1, MOST_WISHES + 1):
            self.fields[f"topic{number}"] = forms.CharField(
                label="What would you, or the people you work with, like to learn?" if number == 1 else "What else?",
                required=number == 1,
                max_length=200,
                error_messages={"required": "Enter at least one thing to learn"},
            )
            self.fields[f"audience{number}"] = forms.CharField(
                label="Who has to learn it?",
                required=False,
                max_length=200,
                help_text="For example “new social workers” or “all of us”." if number == 1 else "",
            )
            self.fields[f"urgency{number}"] = UrgencyField()
            self.fields[f"why{number}"] = forms.CharField(
                label="What shows that it is needed?",
                required=False,
                max_length=LONGEST_WHY,
                widget=forms.Textarea({"rows": 2}),
                help_text="No names of people or families." if number == 1 else "",
            )
        self.fields["press"] = forms.CharField(required=False, widget=forms.HiddenInput, initial=new_press)


class ReplyForm(PlannerForm, WishFields):
    """What a practitioner says. Nothing asks who they are."""

    submit_label = "Send"

    def clean(self):
        cleaned = super().clean()
        for number in range(1, MOST_WISHES + 1):
            said = cleaned.get(f"audience{number}") or cleaned.get(f"why{number}")
            if said and not cleaned.get(f"topic{number}") and f"topic{number}" not in self.errors:
                self.add_error(f"topic{number}", "Enter what there is to learn")
        return cleaned

    @property
    def wishes(self):
        """[{topic, audience, urgency, why}] of what was filled in."""
        said = [
            {name: self.cleaned_data.get(f"{name}{number}") for name in self.WISH}
            for number in range(1, MOST_WISHES + 1)
        ]
        return [each | {"topic": " ".join(each["topic"].split())} for each in said if each["topic"]]

    @property
    def parts(self):
        """[(number, {name: bound field}, whether it stands open)]."""
        found = []
        for number in range(1, MOST_WISHES + 1):
            fields = {name: self[f"{name}{number}"] for name in self.WISH}
            typed = any(fields[name].value() for name in ("topic", "audience", "why"))
            is_open = typed or any(field.errors for field in fields.values())
            found.append((number, fields, number == 1 or is_open))
        return found

    @property
    def answers(self):
        """What ``keep_reply`` takes."""
        return {"wishes": self.wishes}


class NamedReplyForm(ReplyForm):
    """What a member organisation or a group says, by name and post."""

    name = forms.CharField(label="Your name", max_length=80, error_messages={"required": "Enter your name"})
    post = forms.CharField(label="Your post", max_length=78, error_messages={"required": "Enter your post"})

    @property
    def answers(self):
        by = f"{self.cleaned_data['name'].strip()}, {self.cleaned_data['post'].strip()}"
        return {"wishes": self.wishes, "by": by[: NeedsReply._meta.get_field("by").max_length]}
