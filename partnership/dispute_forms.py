"""The words and rules of the forms about disputes."""

from django import forms
from django.db.models import Q

from partnership.disputes import KEEP_AN_OFFICE_POST, answer_due, earliest_beginning
from partnership.forms import DateField, PlannerForm, PlannerModelForm
from partnership.models import Dispute, Organisation, Partnership, Post
from partnership.templatetags.components import long_date

NOT_YET = "Enter today or an earlier day"
LATEST_DAY = "Enter a day within the next two years"


def not_later(day, on):
    if day and day > on:
        raise forms.ValidationError(NOT_YET)
    return day


class DisputeForm(PlannerModelForm):
    """Who raised what, with whom. A new dispute is kept under a reference of its own."""

    submit_label = "Save"

    class Meta:
        model = Dispute
        fields = ["partnership", "title", "about", "raised_by", "raised_with", "raised_on"]
        widgets = {"partnership": forms.RadioSelect, "raised_with": forms.CheckboxSelectMultiple}
        labels = {
            "partnership": "In which partnership?",
            "title": "What is it about?",
            "about": "What does each side say?",
            "raised_by": "Who raised it?",
            "raised_with": "With whom?",
            "raised_on": "When was it raised?",
        }
        help_texts = {
            "title": "In a few words, without the name of a child or a family.",
            "about": "Fairly to both. Everyone involved reads it.",
            "raised_with": "Tick every organisation that it was raised with.",
        }
        error_messages = {
            "partnership": {"required": "Choose the partnership"},
            "title": {"required": "Enter what it is about"},
            "about": {"required": "Enter what each side says"},
            "raised_by": {"required": "Choose the organisation that raised it"},
            "raised_with": {"required": "Tick at least one organisation with which it was raised"},
            "raised_on": {"required": "Enter the day on which it was raised"},
        }

    def __init__(self, *args, user, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on
        partnerships = Partnership.objects.of_office(user)
        if self.instance._state.adding:
            self.fields["partnership"].queryset = partnerships
            if len(partnerships) == 1:
                self.fields["partnership"].initial = partnerships[0]
        else:
            del self.fields["partnership"]
            partnerships = Partnership.objects.filter(pk=self.instance.partnership_id)
        sides = self.sides_so_far()
        members = Organisation.objects.members_of(partnerships.values("pk"), on=on)
        organisations = Organisation.objects.filter(Q(pk__in=members.values("pk")) | Q(pk__in=sides))
        self.fields["raised_by"].queryset = organisations
        self.fields["raised_with"].queryset = organisations

    def sides_so_far(self):
        """The keys of the organisations that stand in a dispute already, members still or not."""
        if self.instance._state.adding:
            return []
        return [self.instance.raised_by_id, *self.instance.raised_with.values_list("pk", flat=True)]

    def clean_raised_on(self):
        return not_later(self.cleaned_data["raised_on"], self.on)

    def clean(self):
        cleaned = super().clean()
        partnership = cleaned.get("partnership") or self.instance.partnership_id
        raised_by, raised_with = cleaned.get("raised_by"), cleaned.get("raised_with") or []
        if partnership:
            key = getattr(partnership, "pk", partnership)
            members = set(Organisation.objects.members_of([key], on=self.on))
            members |= set(Organisation.objects.filter(pk__in=self.sides_so_far()))
            if raised_by and raised_by not in members:
                self.add_error("raised_by", f"Choose a member of this partnership: {raised_by} is not one")
            strangers = [organisation for organisation in raised_with if organisation not in members]
            if strangers:
                self.add_error("raised_with", f"Tick members of this partnership: {strangers[0]} is not one")
        if raised_by and raised_by in raised_with:
            self.add_error("raised_with", f"Tick the others: {raised_by} can’t raise it with itself")
        return cleaned


class PostsField(forms.ModelMultipleChoiceField):
    """Posts, each with whoever holds it on the day."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, post):
        holders = ", ".join(str(holding.user) for holding in post.current_holdings)
        return f"{post} ({holders or 'vacant'})"


class PeopleForm(PlannerForm):
    """Who is involved: first those whom one expects, then everyone else of the partnership."""

    submit_label = "Save who is involved"

    near = PostsField(
        None,
        error_messages={"required": KEEP_AN_OFFICE_POST},
        label="Those involved, their organisations, the office and the independent advisor",
        help_text="Whoever holds a ticked post sees this dispute, and everything that was said in it.",
    )
    far = PostsField(None, required=False, label="Others of the partnership")

    def __init__(self, *args, dispute, on, **kwargs):
        super().__init__(*args, **kwargs)
        involved = set(dispute.people.values_list("pk", flat=True))
        sides = [dispute.raised_by_id, *dispute.raised_with.values_list("pk", flat=True)]
        near = Q(organisation__in=sides) | Q(duty__in=[Post.Duty.OFFICE, Post.Duty.ADVISOR]) | Q(pk__in=involved)
        of_partnership = Post.objects.of_partnerships([dispute.partnership_id]).filter(
            Q(closed_on=None) | Q(closed_on__gte=on)
        )
        possible = Post.objects.filter(Q(pk__in=of_partnership.values("pk")) | Q(pk__in=involved))
        possible = possible.select_related("organisation").with_holders(on=on)
        possible = possible.order_by("organisation__name", "title", "pk")
        self.fields["near"].queryset = possible.filter(near)
        self.fields["far"].queryset = possible.exclude(near)
        self.fields["near"].initial = involved

    @property
    def posts(self):
        return [*self.cleaned_data["near"], *self.cleaned_data["far"]]


class BeginForm(PlannerForm):
    """Begin ``step``: when, and who answers. The day is reckoned; another one needs a reason."""

    submit_label = "Begin this stage"

    begun_on = DateField(label="When does it begin?", error_messages={"required": "Enter when it begins"})
    owed_by = forms.ModelChoiceField(
        None,
        label="Who answers?",
        help_text="One of the posts involved. Whoever holds it is reminded, in words that give nothing away.",
        error_messages={"required": "Choose who answers"},
    )
    answer_due_on = DateField(
        required=False,
        label="Is the answer due on another day?",
        help_text="Leave it empty to keep to the partnership’s own time.",
    )
    due_reason = forms.CharField(
        required=False, max_length=300, label="Why on that day?", help_text="Needed where the day is another one."
    )

    def __init__(self, *args, dispute, step, on, **kwargs):
        super().__init__(*args, initial={"begun_on": on}, **kwargs)
        self.step, self.on = step, on
        self.dispute = dispute
        self.earliest = earliest_beginning(dispute)
        self.fields["owed_by"].queryset = dispute.people.select_related("organisation").order_by("title", "pk")
        due = answer_due(step, on, dispute=dispute)
        days = f"{step.working_days} working day{'' if step.working_days == 1 else 's'}"
        self.fields["begun_on"].help_text = f"The answer is due {days} after it: begun today, on {long_date(due)}."

    def clean_begun_on(self):
        day = not_later(self.cleaned_data["begun_on"], self.on)
        if day < self.earliest:
            raise forms.ValidationError(f"Enter {long_date(self.earliest)} or a later day: what came before ended then")
        return day

    def clean(self):
        cleaned = super().clean()
        begun, due = cleaned.get("begun_on"), cleaned.get("answer_due_on")
        if begun and due:
            if due < begun:
                self.add_error("answer_due_on", "Enter a day after the stage has begun")
            elif due.year > self.on.year + 2:
                self.add_error("answer_due_on", LATEST_DAY)
            if due == answer_due(self.step, begun, dispute=self.dispute):
                cleaned["answer_due_on"] = None
            elif not cleaned.get("due_reason"):
                self.add_error("due_reason", "Enter why the answer is due on another day than the partnership’s own")
        elif cleaned.get("due_reason") and "answer_due_on" not in self.errors:
            self.add_error("answer_due_on", "Enter the other day, or take the reason out")
        return cleaned


class AnswerForm(PlannerForm):
    """The answer at a stage. Whether it settles the dispute is for the office to say, who hears both sides."""

    submit_label = "Keep the answer"

    answer = forms.CharField(
        label="What is the answer?", widget=forms.Textarea, error_messages={"required": "Enter what the answer is"}
    )
    answered_on = DateField(label="When was it given?", error_messages={"required": "Enter when it was given"})
    settles = forms.BooleanField(
        required=False,
        label="Settled at this stage: both sides agree that this ends the dispute",
    )

    def __init__(self, *args, stage, on, may_settle, **kwargs):
        super().__init__(*args, initial={"answered_on": on}, **kwargs)
        self.stage, self.on = stage, on
        if not may_settle:
            del self.fields["settles"]

    def clean_answered_on(self):
        day = not_later(self.cleaned_data["answered_on"], self.on)
        if day < self.stage.begun_on:
            raise forms.ValidationError(
                f"Enter {long_date(self.stage.begun_on)} or a later day: the stage had not begun before"
            )
        return day


class OnADayForm(PlannerModelForm):
    """Words with the day on which they were given, which is not before the dispute was raised."""

    day = ""

    def __init__(self, *args, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on
        for name in self._meta.fields:
            self.fields[name].required = True
        if not self.initial.get(self.day):
            self.initial[self.day] = on

    def clean(self):
        cleaned = super().clean()
        day = cleaned.get(self.day)
        if day and day > self.on:
            self.add_error(self.day, NOT_YET)
        elif day and day < self.earliest:
            self.add_error(self.day, f"Enter {long_date(self.earliest)} or a later day: {self.before}")
        return cleaned

    @property
    def earliest(self):
        return self.instance.raised_on

    before = "the dispute had not been raised before"


class AdviceForm(OnADayForm):
    submit_label = "Keep the advice"
    day = "advice_on"

    class Meta:
        model = Dispute
        fields = ["advice", "advice_by", "advice_on"]
        labels = {
            "advice": "What is the advice?",
            "advice_by": "Who gave it?",
            "advice_on": "When was it given?",
        }
        help_texts = {
            "advice": "In the words in which it was given. Everyone involved reads it beside the response.",
            "advice_by": "Name and post: somebody independent of both sides.",
        }


class AdviceAnswerForm(OnADayForm):
    submit_label = "Keep the response"
    day = "advice_answered_on"
    before = "the advice had not been given before"

    class Meta:
        model = Dispute
        fields = ["advice_answer", "advice_answered_on"]
        labels = {
            "advice_answer": "What do the partners say to the advice?",
            "advice_answered_on": "When did they respond?",
        }
        help_texts = {
            "advice_answer": "What they follow, what they don’t, and why. It stands beside the advice for everyone "
            "involved."
        }

    @property
    def earliest(self):
        return self.instance.advice_on or self.instance.raised_on


class SettleForm(OnADayForm):
    """How it ended. Of a dispute that is settled only the lesson can still be written."""

    submit_label = "Settle the dispute"
    day = "settled_on"
    before = "a stage had not begun before"

    class Meta:
        model = Dispute
        fields = ["outcome", "settled_on", "learned"]
        labels = {
            "outcome": "How was it settled?",
            "settled_on": "When was it settled?",
            "learned": "What was learned?",
        }
        help_texts = {"learned": "For the partnership: what would keep the next one from arising."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["learned"].required = False
        if self.instance.settled_on:
            self.submit_label = "Save"
            del self.fields["outcome"], self.fields["settled_on"]

    @property
    def earliest(self):
        return max([self.instance.raised_on, *self.instance.stages.values_list("begun_on", flat=True)])


class StepForm(PlannerForm):
    """A line of the partnership's way of settling disputes. A line without a name is left out."""

    name = forms.CharField(required=False, max_length=120, label="Stage")
    who = forms.CharField(required=False, max_length=200, label="Who talks to whom")
    working_days = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=90,
        label="Working days to answer",
        error_messages={
            "min_value": "Enter 1 working day or more",
            "max_value": "Enter 90 working days or fewer",
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["working_days"].widget = forms.TextInput({"inputmode": "numeric", "class": "govuk-input--width-3"})

    def clean(self):
        cleaned = super().clean()
        name, who, days = (cleaned.get(field) for field in ("name", "who", "working_days"))
        if (who or days) and not name:
            self.add_error("name", "Enter what this stage is called, or empty the whole line to leave it out")
        if name and not who:
            self.add_error("who", "Enter who talks to whom at this stage")
        if name and days is None and "working_days" not in self.errors:
            self.add_error("working_days", "Enter how many working days there are to answer")
        return cleaned


class BaseSteps(forms.BaseFormSet):
    def clean(self):
        if not any(self.errors) and not self.steps:
            raise forms.ValidationError("Name at least one stage, so that everyone knows how a dispute is settled")

    @property
    def steps(self):
        """(name, who, working days) of each line that has a name, in order."""
        lines = [form.cleaned_data for form in self.forms if form.cleaned_data.get("name")]
        return [(line["name"], line["who"], line["working_days"]) for line in lines]


StepFormSet = forms.formset_factory(StepForm, formset=BaseSteps, extra=2, max_num=12)
