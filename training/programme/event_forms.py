"""The forms of an event: when, where, for how many, who trains; and of calling it off. Times are local."""

from datetime import datetime
from decimal import Decimal

from django import forms
from django.forms.utils import from_current_timezone
from django.utils import timezone

from partnership.forms import PlannerForm, PlannerModelForm
from partnership.meeting_forms import LinkField, TimeField, check_year
from partnership.models import Organisation
from partnership.templatetags.components import long_date
from training.models import Event, EventTrainer

MOST_PLACES = 2000
MOST_DAYS = 20
SPARE_LINES = 3
NUMBER = {"inputmode": "numeric", "class": "govuk-input--width-4"}


class DaysField(forms.DecimalField):
    """Days and parts of days."""

    def __init__(self, *, lowest, **kwargs):
        errors = {
            "invalid": "Enter days in figures, like 0.5 or 2",
            "min_value": f"Enter {lowest} days or more",
            "max_value": f"Enter {MOST_DAYS} days or fewer",
            "max_decimal_places": "Enter at most two figures after the point, like 0.25",
        }
        super().__init__(
            min_value=Decimal(lowest),
            max_value=MOST_DAYS,
            decimal_places=2,
            widget=forms.TextInput({"inputmode": "decimal", "class": "govuk-input--width-4"}),
            **{"error_messages": errors, **kwargs},
        )


class PlacesField(forms.IntegerField):
    def __init__(self, **kwargs):
        errors = {
            "min_value": "Enter 1 or more",
            "max_value": f"Enter {MOST_PLACES:,} or fewer",
            "invalid": "Enter a whole number, in figures",
        }
        errors |= kwargs.pop("error_messages", {})
        super().__init__(
            min_value=1, max_value=MOST_PLACES, widget=forms.TextInput(NUMBER), error_messages=errors, **kwargs
        )


class EventForm(PlannerModelForm):
    """When and where a course is held. ``columns`` has the answers as columns of an Event."""

    submit_label = "Save the event"

    day = forms.DateField(label="Day", error_messages={"required": "Enter the day"})
    starts = TimeField(
        label="From",
        help_text="Like 9:30 or 2pm",
        error_messages={"required": "Enter when it starts"},
    )
    ends = TimeField(label="To", error_messages={"required": "Enter when it ends"})
    last_day = forms.DateField(
        label="Last day",
        required=False,
        help_text="Only where it goes on for more than one day. “To” is then its time.",
    )
    length = DaysField(lowest="0.05", label="Length in training days", help_text="A half day is 0.5")
    capacity = PlacesField(label="Places", error_messages={"required": "Enter how many places there are"})
    places_per_organisation = PlacesField(
        label="Fair share",
        required=False,
        help_text="The most places that one organisation can take; whoever comes after waits. Empty for no limit.",
    )

    class Meta:
        model = Event
        fields = [
            "length",
            "venue",
            "link",
            "joining",
            "trainers",
            "capacity",
            "places_per_organisation",
            "shares_until_on",
            "books_until_on",
            "is_public",
        ]
        labels = {
            "venue": "Where?",
            "link": "Joining link",
            "joining": "Joining details",
            "trainers": "Who trains, in words for everybody",
            "shares_until_on": "Shares end on",
            "books_until_on": "Book until",
            "is_public": "Show it in the public programme",
        }
        help_texts = {
            "venue": "The place by its name, or “Online”. Everybody reads this.",
            "joining": "Room, parking, what to bring. Only those who are booked read it.",
            "trainers": "Posts and agencies, no names: Named nurse of the hospital trust.",
            "shares_until_on": "After that day free places go to whoever waits longest. Empty: shares stay to the end.",
            "books_until_on": "The last day. Empty: until it begins.",
        }
        error_messages = {"venue": {"required": "Enter where it is held, or “Online”"}}
        widgets = {"joining": forms.Textarea({"rows": 4})}
        field_classes = {"link": LinkField}

    when = ("day", "starts", "ends", "last_day")
    field_order = [*when, *Meta.fields]

    def __init__(self, *args, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on
        if self.instance.pk and self.instance.ends_at is None:
            self.fields["ends"].required = False  # an older log did not say

    def extra_values(self):
        if self.instance.pk is None:
            return {}
        return times_of(self.instance)

    def value_now(self, name):
        value = super().value_now(name)
        return self.fields[name].clean(value) if name in self.when else value

    def words_now(self, name):
        value = self.extra_values().get(name)
        if name in ("day", "last_day"):
            return long_date(value) or "nothing"
        return value or "nothing" if name in self.when else super().words_now(name)

    def clean_day(self):
        check_year(self.cleaned_data["day"], on=self.on)
        return self.cleaned_data["day"]

    def clean_venue(self):
        return " ".join(self.cleaned_data["venue"].split())

    def clean_capacity(self):
        capacity = self.cleaned_data["capacity"]
        taken = self.instance.places.taken().count() if self.instance.pk else 0
        if capacity < taken:
            is_or_are = "place is" if taken == 1 else "places are"
            raise forms.ValidationError(f"{taken} {is_or_are} taken. Enter {taken} or more, or cancel places first")
        return capacity

    def clean(self):
        answers = super().clean()
        self.check_times(answers)
        day, share = answers.get("day"), answers.get("places_per_organisation")
        capacity = answers.get("capacity")
        if share and capacity and share > capacity:
            self.add_error("places_per_organisation", f"There are {capacity} places. Enter {capacity} or fewer")
        if answers.get("shares_until_on") and not share and "places_per_organisation" not in self.errors:
            self.add_error("places_per_organisation", "Enter the fair share that ends on that day, or empty the day")
        for name in ("shares_until_on", "books_until_on"):
            if day and answers.get(name) and answers[name] > day:
                self.add_error(name, f"The event is on {long_date(day)}. Enter that day or one before it")
        return answers

    def check_times(self, answers):
        """Put ``starts_at`` and ``ends_at`` on the record, where they make sense."""
        day, starts, ends = (answers.get(name) for name in ("day", "starts", "ends"))
        last = answers.get("last_day") or day
        if day and starts:
            self.instance.starts_at = self.moment("starts", day, starts)
        if ends is None and "ends" not in self.errors:
            self.instance.ends_at = None
            if answers.get("last_day"):
                self.add_error("ends", "Enter when it ends on its last day")
        if not (day and starts and ends):
            return
        if last < day:
            self.add_error("last_day", f"It begins on {long_date(day)}. Enter a later day, or leave this empty")
        elif (last - day).days > MOST_DAYS * 3:
            self.add_error("last_day", "Check the last day: it is more than two months after the first")
        elif (last, ends) <= (day, starts):
            self.add_error("ends", f"It starts at {starts:%H:%M}. Enter a later time for its end")
        else:
            self.instance.ends_at = self.moment("ends", last, ends)

    def moment(self, name, day, time):
        try:
            return from_current_timezone(datetime.combine(day, time))
        except forms.ValidationError:
            self.add_error(name, "The clocks change in that hour. Enter a time before or after it")
            return getattr(self.instance, f"{name}_at")

    @property
    def columns(self):
        fields = {name: self.cleaned_data[name] for name in self.Meta.fields}
        return fields | {"starts_at": self.instance.starts_at, "ends_at": self.instance.ends_at}


def times_of(event):
    """Its hours as the form asks for them."""
    starts = timezone.localtime(event.starts_at)
    ends = timezone.localtime(event.ends_at) if event.ends_at else None
    is_long = ends is not None and ends.date() != starts.date()
    return {
        "day": starts.date(),
        "starts": f"{starts:%H:%M}",
        "ends": f"{ends:%H:%M}" if ends else "",
        "last_day": ends.date() if is_long else None,
    }


class TrainerForm(PlannerModelForm):
    """Somebody who trains, from which agency, for how many days. A line without a name is left out."""

    name = forms.CharField(label="Post or name", required=False, max_length=160)
    days = DaysField(lowest="0", label="Trainer days", required=False, initial=Decimal("0.5"))

    class Meta:
        model = EventTrainer
        fields = ["name", "organisation", "days"]
        labels = {"organisation": "Agency"}

    def __init__(self, *args, agencies, **kwargs):
        super().__init__(*args, **kwargs)
        offered = dict(agencies)
        if self.instance.organisation_id:
            offered.setdefault(self.instance.organisation_id, str(self.instance.organisation))
        self.fields["organisation"].choices = [("", "None of ours"), *offered.items()]

    def clean(self):
        answers = super().clean()
        is_more = answers.get("organisation") or answers.get("days") not in (None, self.fields["days"].initial)
        if not answers.get("name") and is_more and not self.instance.pk and "name" not in self.errors:
            self.add_error("name", "Enter who trains, or empty the whole line to leave it out")
        if answers.get("name") and answers.get("days") is None and "days" not in self.errors:
            self.add_error("days", "Enter how many trainer days that counts, 0 for none")
        return answers


class TrainerRows(forms.BaseModelFormSet):
    """Who trains at one event; a line that was emptied goes."""

    def __init__(self, *args, event, on, initial=None, **kwargs):
        self.event = event
        of_event = (
            event.people.select_related("organisation").order_by("pk") if event.pk else EventTrainer.objects.none()
        )
        agencies = Organisation.objects.members_of(event.course.partnership_ids, on=on).order_by("name")
        form_kwargs = {"agencies": [(each.pk, str(each)) for each in agencies]}
        super().__init__(*args, queryset=of_event, form_kwargs=form_kwargs, initial=initial, **kwargs)
        self.extra = SPARE_LINES + len(initial or [])

    def clean(self):
        if any(form.instance.pk is None for form in self.initial_forms):
            raise forms.ValidationError(
                "Somebody has taken out one of those who train meanwhile. Open the page again and change the others"
            )

    @property
    def has_conflict(self):
        return any(form.has_conflict for form in self.forms)

    def save_all(self, event):
        for form in self.forms:
            name = form.cleaned_data.get("name", "")
            if form.instance.pk and not name:
                form.instance.delete()
            elif name and (form.has_changed() or not form.instance.pk):
                form.instance.event = event
                form.save()


TrainerFormSet = forms.modelformset_factory(
    EventTrainer, form=TrainerForm, formset=TrainerRows, extra=SPARE_LINES, max_num=30, absolute_max=40
)


class CallOffForm(PlannerForm):
    submit_label = "Call it off"
    submit_kind = "warning"

    because = forms.CharField(
        label="Why is it called off?",
        widget=forms.Textarea({"rows": 3}),
        max_length=300,
        help_text="Everybody who has a place or waits for one is told this by e-mail, and everyone reads it in the "
        "programme. Leave names out.",
        error_messages={"required": "Enter why it is called off"},
    )
