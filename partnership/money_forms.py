"""Forms about money: amounts as people type them, a budget, who gives what, what it is spent on."""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from partnership.forms import PlannerForm, PlannerModelForm, Textarea
from partnership.models import BudgetYear, Contribution, Organisation, Partnership, SpendingLine
from partnership.models.organisations import Membership
from partnership.money import NOTHING, explained, in_pounds
from partnership.templatetags.components import long_date

MOST = Decimal("99999999.99")

SPACES = str.maketrans(dict.fromkeys("\u00a0\u2009\u202f\t", " "))
IN_FIGURES = "Enter the amount in figures, like 112,633.50"
SENTENCES = [
    (r"[€$¥]|\b(eur|euro|euros|usd|dollars?|gbp)\b", "Enter the amount in pounds, like £112,633.50"),
    (r"[0-9.] ?(k|m|bn|thousand|million)$", "Enter the amount in full, in figures, like 112,000"),
    (r"^£? ?[-−–] ?£? ?[0-9]|^\(.*[0-9].*\)$", "Enter an amount of £0 or more"),
    (r"^£? ?[0-9, ]*\.[0-9]{3,}$", "Enter pounds and pence, with two figures after the point, like 112,633.50"),
    (
        r"^£? ?[0-9 ]*,[0-9, ]*(\.[0-9]*)?$",
        "Put a comma before each three figures, or a point before pence, like 112,633.50",
    ),
]
AMOUNT = re.compile(r"£? ?([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?: [0-9]{3})+|[0-9]+)(\.[0-9]{1,2})?|£? ?(\.[0-9]{2})")


def amount_of(typed):
    """The pounds in ``typed`` ("£112,633", "112 633", "112633.00"); ValueError with what to do instead."""
    text = typed.translate(SPACES).strip()
    found = AMOUNT.fullmatch(text)
    if not found:
        for pattern, sentence in SENTENCES:
            if re.search(pattern, text, re.IGNORECASE):
                raise ValueError(sentence)
        raise ValueError(IN_FIGURES)
    pounds, pence, pence_alone = found.groups()
    amount = Decimal(re.sub("[ ,]", "", pounds or "0") + (pence or pence_alone or ""))
    if amount > MOST:
        raise ValueError(f"Enter an amount of {in_pounds(MOST)} or less")
    return amount.quantize(Decimal("0.01"))


class MoneyInput(forms.TextInput):
    """A box with a £ before it. What somebody typed stays as they typed it."""

    template_name = "partnership/money_input.html"

    def __init__(self, attrs=None):
        super().__init__(
            {"inputmode": "decimal", "autocomplete": "off", "class": "govuk-input--width-10", **(attrs or {})}
        )

    def format_value(self, value):
        return in_pounds(value, short=True).removeprefix("£") if isinstance(value, Decimal) else value


class MoneyField(forms.Field):
    """An amount of £0 or more, in pounds and pence, as a Decimal."""

    widget = MoneyInput

    def __init__(self, *, max_digits=None, decimal_places=None, **options):
        super().__init__(**options)  # how much a column holds is said by MOST and AMOUNT

    def to_python(self, value):
        if value is None or isinstance(value, Decimal):
            return value
        if not value.strip():
            return None
        try:
            return amount_of(value)
        except ValueError as problem:
            raise ValidationError(str(problem), code="invalid") from None

    def has_changed(self, initial, data):
        try:
            return self.to_python(data) != initial
        except ValidationError:
            return True


# A budget

LONGEST_YEAR = 550  # days: a first year may be longer than twelve months
FARTHEST = 20  # years from today: farther is a slip of the finger


class BudgetForm(PlannerForm):
    """Who shares the cost, of which days, and what to begin with."""

    submit_label = "Start the budget"

    partnerships = forms.ModelMultipleChoiceField(
        Partnership.objects.none(),
        label="Which partnerships share it?",
        help_text="Choose all that the same money pays for. Money of one alone stands in a budget of its own",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one partnership"},
    )
    starts_on = forms.DateField(label="First day")
    ends_on = forms.DateField(label="Last day")
    copied = forms.ModelChoiceField(
        BudgetYear.objects.none(),
        label="Begin with what stands in",
        help_text="Its contributors and lines are copied with their amounts, which you then change",
        required=False,
        empty_label="Nothing: an empty budget",
    )

    def __init__(self, *args, user, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on
        own = user.standing.office_ids
        self.fields["partnerships"].queryset = Partnership.objects.of_office(user)
        budgets = BudgetYear.objects.visible_to(user).filter(partnerships__in=own).distinct()
        self.fields["copied"].queryset = budgets.prefetch_related("partnerships")
        self.fields["copied"].label_from_instance = title_with_partnerships

    def clean_starts_on(self):
        starts_on = self.cleaned_data["starts_on"]
        if abs(starts_on.year - self.on.year) > FARTHEST:
            raise ValidationError(f"Check the year: {starts_on.year} is far away")
        return starts_on

    def clean(self):
        cleaned = super().clean()
        problem = problem_with_days(cleaned.get("starts_on"), cleaned.get("ends_on"))
        if problem:
            self.add_error("ends_on", problem)
        copied = cleaned.get("copied")
        if copied and not problem and cleaned.get("starts_on") and copied.starts_on >= cleaned["starts_on"]:
            self.add_error("copied", "Choose a budget of a year before this one")
        return cleaned


def title_with_partnerships(budget):
    return f"{budget}, {', '.join(partnership.short_name for partnership in budget.partnerships.all())}"


def problem_with_days(starts_on, ends_on):
    """What is wrong with a budget's first and last day, or nothing."""
    if not starts_on or not ends_on:
        return ""
    if ends_on <= starts_on:
        return f"Choose a last day after the first day, {long_date(starts_on)}"
    if (ends_on - starts_on).days > LONGEST_YEAR:
        return "A budget is for one year: choose a last day within 18 months of the first"
    return ""


class AgreedAmounts:
    """Once its budget is agreed an amount is changed only with a reason.

    The reason goes with the day and both amounts into ``told_in``, so that the statement tells it.
    ``why`` is asked for here, or given by a page that asks once for many (``needs_why`` then says
    whether it should have been).
    """

    amounts = ()
    told_in = "reason"

    def __init__(self, *args, budget, on, why=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.budget, self.on, self.given_why = budget, on, why
        self.needs_why = False
        self.was = {name: None if self.is_new else getattr(self.instance, name) for name in self.amounts}
        if not self.is_draft and why is None:
            self.fields["why"] = why_field(ADDED if self.is_new else CHANGED, required=self.is_new)

    @property
    def is_new(self):
        return self.instance._state.adding

    @property
    def is_draft(self):
        return self.budget.status == BudgetYear.Status.DRAFT

    def clean(self):
        cleaned = super().clean()
        changed = [name for name in self.amounts if name in cleaned and cleaned[name] != self.was[name]]
        if self.is_draft or not changed:
            return cleaned
        why = cleaned.get("why") or self.given_why
        if not why:
            self.needs_why = True
            if "why" in self.fields and "why" not in self.errors:
                self.add_error("why", NO_WHY)
            return cleaned
        words = cleaned.get(self.told_in) or ""
        for name in changed:
            what, was, now = self.fields[name].label.lower(), self.was[name], cleaned[name]
            words = explained(words, what=what, was=was or NOTHING, now=now or NOTHING, why=why, on=self.on)
        cleaned[self.told_in] = words
        return cleaned


NO_WHY = "Say why: this budget was agreed with other amounts"


ADDED = "Why is it added after the budget was agreed?"
CHANGED = "If an amount changes: why, after the budget was agreed?"


def why_field(label, *, required=False):
    errors = {"required": NO_WHY}
    return forms.CharField(
        label=label, required=required, max_length=300, widget=Textarea({"rows": 2}), error_messages=errors
    )


class BudgetChangeForm(AgreedAmounts, PlannerModelForm):
    """The reserve and the words; the days too while it is a draft."""

    amounts = ("opening_reserve",)
    told_in = "note"

    class Meta:
        model = BudgetYear
        fields = ["starts_on", "ends_on", "opening_reserve", "principles", "note", "agreed_by"]
        field_classes = {"opening_reserve": MoneyField}
        labels = {
            "opening_reserve": "Reserve at the start",
            "principles": "How is the cost shared?",
            "note": "What did the money achieve?",
            "agreed_by": "Who agreed it?",
        }
        help_texts = {
            "opening_reserve": "What was left of the years before",
            "principles": "For example by the number of children in each area, as agreed between the partners",
            "note": "Changes on last year, and value for money. It goes to the yearly report",
        }
        error_messages = {"opening_reserve": {"required": "Enter the reserve at the start, or 0"}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ["agreed_by"] if self.is_draft else ["starts_on", "ends_on"]:
            del self.fields[name]

    def clean(self):
        cleaned = super().clean()
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if problem := problem_with_days(starts_on, ends_on):
            self.add_error("ends_on", problem)
        elif starts_on and ends_on:
            same = BudgetYear.objects.of_exactly(self.instance.partnership_ids).exclude(pk=self.instance.pk)
            if other := same.touching(starts_on=starts_on, ends_on=ends_on).first():
                self.add_error(
                    "starts_on",
                    f"There is a budget for these days already: {other}. Open that one, or choose other days",
                )
        return cleaned


class AgreeForm(PlannerForm):
    submit_label = "Record that it is agreed"

    agreed_on = forms.DateField(label="When was it agreed?")
    agreed_by = forms.CharField(
        label="Who agreed it?",
        max_length=200,
        help_text="For example “the Executive”, or each partner whose own council or board agreed",
    )

    def __init__(self, *args, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on

    def clean_agreed_on(self):
        agreed_on = self.cleaned_data["agreed_on"]
        if agreed_on > self.on:
            raise ValidationError("Choose today or a day before: it is recorded once it has happened")
        if agreed_on.year < self.on.year - FARTHEST:
            raise ValidationError(f"Check the year: {agreed_on.year} is far away")
        return agreed_on


# Contributions

HOW_TO_TYPE = "In pounds, like 112,633 or 112,633.50"


def contributors(budget):
    """Who may stand in ``budget``: members of its partnerships on any of its days, and who stands there."""
    members = Membership.objects.filter(
        Q(from_on=None) | Q(from_on__lte=budget.ends_on),
        Q(to_on=None) | Q(to_on__gte=budget.starts_on),
        partnership__in=budget.partnership_ids,
    )
    there = budget.contributions.values("organisation")
    return Organisation.objects.filter(Q(pk__in=members.values("organisation")) | Q(pk__in=there))


class ContributionForm(AgreedAmounts, PlannerModelForm):
    """What one organisation gives. Whose it is is chosen once; ``choices`` spares many forms a query each."""

    submit_label = "Save the contribution"
    amounts = ("amount",)

    class Meta:
        model = Contribution
        fields = ["organisation", "amount", "prior_amount", "in_kind", "in_kind_amount", "reason"]
        field_classes = {"amount": MoneyField, "prior_amount": MoneyField, "in_kind_amount": MoneyField}
        labels = {
            "amount": "Amount",
            "prior_amount": "Last year",
            "in_kind": "In kind",
            "in_kind_amount": "Worth of it",
            "reason": "Reason for a difference on last year",
        }
        widgets = {"reason": Textarea({"rows": 2})}
        help_texts = {
            "amount": HOW_TO_TYPE,
            "in_kind": "Help that is not money, as “hosts the office”",
            "in_kind_amount": "In pounds, as far as anyone can say. It is not added to the money",
        }
        error_messages = {
            "organisation": {"required": "Choose the organisation"},
            "amount": {"required": "Enter the amount, or 0 if it gives no money"},
        }

    def __init__(self, *args, instance=None, budget, has_last, choices=None, **kwargs):
        super().__init__(*args, instance=instance or Contribution(budget=budget), budget=budget, **kwargs)
        if has_last:
            del self.fields["prior_amount"]
        if not self.is_new:
            del self.fields["organisation"]
        else:
            field = self.fields["organisation"]
            field.queryset = contributors(budget)
            field.empty_label = "Choose one"
            if choices is not None:
                field.choices = choices

    def clean_organisation(self):
        organisation = self.cleaned_data["organisation"]
        if self.budget.contributions.filter(organisation=organisation).exists():
            raise ValidationError(f"{organisation} stands in this budget already. Change that contribution instead")
        return organisation

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("in_kind_amount") and not cleaned.get("in_kind") and "in_kind" not in self.errors:
            self.add_error("in_kind", "Say what the help is that is worth this")
        return cleaned


class WhyForm(PlannerForm):
    """Asked once of a page with many amounts."""

    why = why_field(CHANGED)


SPARE_ROWS = 3
# More than any partnership has members; a page that claims more is not read to its end.
MOST_ROWS = {"max_num": 120, "absolute_max": 120}


class ContributionRows(forms.BaseModelFormSet):
    """All contributions of a budget on one page: those there, partners still absent, and some empty rows."""

    default_error_messages = {
        "missing_management_form": "The page was not sent whole. Load it again and try once more",
        "too_many_forms": "There are too many rows on this page. Load it again and try once more",
    }

    def __init__(self, *args, budget, on, has_last, why, absent=(), **kwargs):
        self.budget = budget
        self.choices = [("", "Choose one"), *((each.pk, each.name) for each in contributors(budget))]
        self.extra = len(absent) + SPARE_ROWS
        super().__init__(
            *args,
            queryset=budget.contributions.select_related("organisation"),
            initial=[{"organisation": organisation.pk} for organisation in absent],
            form_kwargs={
                "budget": budget,
                "on": on,
                "has_last": has_last,
                "why": why,
                "choices": self.choices,
            },
            **kwargs,
        )

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields["id"].error_messages["invalid_choice"] = "Somebody removed this contribution while you were typing"

    def clean(self):
        super().clean()
        seen = set()
        for form in self.forms:
            organisation = form.cleaned_data.get("organisation") if hasattr(form, "cleaned_data") else None
            if organisation and organisation in seen:
                form.add_error("organisation", f"{organisation} stands on this page twice. Keep one of the two")
            seen.add(organisation)

    @property
    def needs_why(self):
        return any(form.needs_why for form in self.forms)


ContributionFormSet = forms.modelformset_factory(
    Contribution, form=ContributionForm, formset=ContributionRows, extra=0, **MOST_ROWS
)


# Spending


class SpendingForm(AgreedAmounts, PlannerModelForm):
    submit_label = "Save the line"
    amounts = ("planned",)

    class Meta:
        model = SpendingLine
        fields = ["title", "planned", "spent", "reason"]
        field_classes = {"planned": MoneyField, "spent": MoneyField}
        labels = {
            "title": "On what?",
            "planned": "Planned",
            "spent": "Spent",
            "reason": "Reason for a difference from the plan",
        }
        help_texts = {
            "title": "As “Staff of the office”, “Reviews”, “Training”",
            "planned": HOW_TO_TYPE,
            "spent": "Leave it empty until it is known",
        }
        error_messages = {
            "title": {"required": "Enter what the money is for"},
            "planned": {"required": "Enter what is planned, or 0"},
        }

    def __init__(self, *args, instance=None, budget, **kwargs):
        super().__init__(*args, instance=instance or SpendingLine(budget=budget), budget=budget, **kwargs)
        if budget.status == BudgetYear.Status.CLOSED:
            self.fields["spent"].required = True
            self.fields["spent"].error_messages["required"] = "Enter what was spent, or 0: this year is closed"

    def clean_title(self):
        title = self.cleaned_data["title"]
        if self.budget.spending.filter(title=title).exclude(pk=self.instance.pk).exists():
            raise ValidationError(f"There is a line “{title}” in this budget already. Give this one another name")
        return title


class OutcomeForm(PlannerModelForm):
    """What was spent on one line, asked of all lines when a year is closed."""

    class Meta:
        model = SpendingLine
        fields = ["spent", "reason"]
        field_classes = {"spent": MoneyField}
        labels = {"spent": "Spent", "reason": "Reason for a difference"}
        widgets = {"reason": Textarea({"rows": 2})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["spent"]
        field.required = True
        field.error_messages["required"] = f"Enter what was spent on {self.instance.title}, or 0"


OutcomeFormSet = forms.modelformset_factory(SpendingLine, form=OutcomeForm, extra=0, **MOST_ROWS)


class CloseForm(PlannerForm):
    """Whether next year's draft begins with what is left."""

    is_carried = forms.BooleanField(label="Let next year’s draft begin with what is left", required=False, initial=True)

    def __init__(self, *args, following, **kwargs):
        super().__init__(*args, **kwargs)
        if following is None:
            del self.fields["is_carried"]
