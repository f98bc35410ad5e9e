"""The forms of how long something is kept: a period, a hold, and the yes to what goes."""

from django import forms

from partnership.data_protection.periods import in_months
from partnership.forms import PlannerForm

LONGEST = 1200  # months: a hundred years


class PeriodForm(PlannerForm):
    submit_label = "Save how long it is kept"

    months = forms.IntegerField(
        label="How many months is it kept?",
        required=False,
        min_value=1,
        max_value=LONGEST,
        help_text="12 months are a year. Leave it empty to keep it for good.",
        error_messages={"max_value": "Enter at most 1200 months, or leave it empty to keep it for good"},
    )
    is_by_itself = forms.BooleanField(
        label="Do it every night by itself",
        required=False,
        help_text="Left out, what is over waits on your desk until somebody says yes.",
    )
    because = forms.CharField(
        label="Why so long?",
        help_text="The law, your retention schedule or who decided it. It is kept with the change.",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        error_messages={"required": "Enter why it is kept so long"},
    )

    def __init__(self, *args, line, **kwargs):
        self.line = line
        period = line.period
        kwargs["initial"] = {
            "months": line.months,
            "is_by_itself": bool(period and period.is_by_itself),
            "because": period.because if period else line.kind.source,
        }
        super().__init__(*args, **kwargs)
        if line.kind.end in {"by-hand", "keep"}:
            del self.fields["is_by_itself"]

    def clean_months(self):
        months, kind = self.cleaned_data["months"], self.line.kind
        if months is not None and months < kind.floor:
            raise forms.ValidationError(
                f"Enter {kind.floor} months or more ({in_months(kind.floor)}). {kind.floor_because}"
            )
        return months

    @property
    def decided(self):
        return {"is_by_itself": False, **self.cleaned_data}


class HoldForm(PlannerForm):
    submit_label = "Hold it"

    because = forms.CharField(
        label="Why must it be kept?",
        help_text="An inquiry, a claim, a request from the police. Don’t name a child, an adult or a family.",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        error_messages={"required": "Enter why it must be kept"},
    )


class LiftForm(PlannerForm):
    submit_label = "Lift the hold"

    because = forms.CharField(
        label="Why need it not be kept any longer?",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        error_messages={"required": "Enter why it need not be kept any longer"},
    )
