"""Forms of an audit: its plan, its tool and its cases as rows."""

from django import forms
from django.db.models import Q
from django.utils import timezone

from assurance.models import Audit, Scale, TimetableEntry
from assurance.question_forms import QuestionRow, QuestionRows
from assurance.request_forms import refuse_far_day
from assurance.timetable import name_of_quarter
from partnership.forms import PlannerForm, PlannerModelForm
from partnership.models import Group, Organisation, Partnership
from partnership.standing import standing_of
from plans.models import Plan, Priority
from reviews.forms.identities import IdentityGuard
from reviews.identities import Kind, doubts_in
from reviews.models import Theme

NO_NAMES = "Never a name, a date of birth or a number of a record"


def partnerships_of(user):
    """Those for which this person may plan an audit: of their office, and of the groups that they chair."""
    standing = standing_of(user)
    of_groups = Group.partnerships.through.objects.filter(group__in=groups_chaired(user)).values("partnership")
    return Partnership.objects.filter(Q(pk__in=standing.office_ids) | Q(pk__in=of_groups))


def groups_chaired(user):
    chaired = Group.objects.filter(pk__in=standing_of(user).chaired_group_ids).open()
    return chaired.exclude(kind=Group.Kind.CASE_REVIEW)


class AuditForm(PlannerModelForm):
    """What an audit is about. Whom it is for and its scale stand once agencies were asked."""

    submit_label = "Save"

    class Meta:
        model = Audit
        fields = [
            "title",
            "question",
            "partnerships",
            "group",
            "timetable_entry",
            "how_chosen",
            "records_from",
            "records_to",
            "themes",
            "priorities",
            "scale",
            "grades_due_on",
            "re_audit_on",
        ]
        labels = {
            "title": "What is the theme?",
            "question": "What does it ask?",
            "partnerships": "For whom?",
            "group": "Which group carries it out?",
            "timetable_entry": "Which entry of the timetable is it?",
            "how_chosen": "How were the cases chosen?",
            "records_from": "Records looked at from",
            "records_to": "Records looked at to",
            "themes": "Which themes is it about?",
            "priorities": "Which priorities of a plan is it about?",
            "scale": "By which scale are cases graded?",
            "grades_due_on": "By when do agencies grade the cases?",
            "re_audit_on": "When will you look again?",
        }
        help_texts = {
            "title": "Like “Neglect seen early”",
            "question": "What you want to know of practice, in one or two sentences.",
            "group": "Its members read what agencies submit; its chair leads the meeting that agrees the grades.",
            "timetable_entry": "It is done on the day members are told.",
            "how_chosen": "Like “Every fifth child on a plan for neglect in May”. No names.",
            "themes": "",
            "grades_due_on": "Each agency that knows a case is told of this day.",
            "re_audit_on": "You are reminded then. Leave it empty if you do not know yet.",
        }
        error_messages = {
            "title": {"required": "Enter the theme"},
            "partnerships": {"required": "Choose the partnership it is for"},
            "scale": {"required": "Choose a scale"},
        }
        widgets = {
            "partnerships": forms.CheckboxSelectMultiple,
            "themes": forms.CheckboxSelectMultiple,
            "priorities": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        audit, self.today = self.instance, timezone.localdate()
        mine = partnerships_of(user)
        self.fields["partnerships"].queryset = mine
        self.others = audit.partnership_ids - {each.pk for each in mine} if audit.pk else set()
        if audit.pk is None and len(mine) == 1:
            self.initial.setdefault("partnerships", list(mine))
        office_ids = standing_of(user).office_ids
        own = Group.objects.visible_to(user).of_office(user).open().exclude(kind=Group.Kind.CASE_REVIEW)
        chosen = groups_chaired(user).values("pk")
        self.fields["group"].queryset = Group.objects.filter(
            Q(pk__in=own.values("pk")) | Q(pk__in=chosen) | Q(pk=audit.group_id)
        )
        if not office_ids:
            self.fields["group"].required = True
            self.fields["group"].error_messages["required"] = "Choose the group that you chair"
        entries = TimetableEntry.objects.of_partnerships({each.pk for each in mine}).filter(done_on=None)
        self.fields["timetable_entry"].queryset = TimetableEntry.objects.filter(
            Q(pk__in=entries.values("pk")) | Q(pk=audit.timetable_entry_id)
        ).order_by("quarter_on", "title")
        self.fields["timetable_entry"].label_from_instance = lambda entry: (
            f"{name_of_quarter(entry.quarter_on)}: {entry}"
        )
        had = audit.themes.values("pk") if audit.pk else []
        self.fields["themes"].queryset = Theme.objects.filter(Q(is_retired=False) | Q(pk__in=had))
        self.fields["priorities"].queryset = self.priorities(user, mine)
        self.fields["priorities"].label_from_instance = lambda priority: f"{priority.plan}: {priority}"
        offered = Q(partnership=None) | Q(partnership__in=mine)
        self.fields["scale"].queryset = Scale.objects.filter(offered & Q(retired_on=None) | Q(pk=audit.scale_id))
        if audit.asked_on:
            del self.fields["partnerships"], self.fields["scale"]

    def priorities(self, user, mine):
        """Those of plans that are not closed, and the audit's own."""
        plans = Plan.objects.visible_to(user).filter(partnerships__in=mine).exclude(status=Plan.Status.CLOSED)
        had = self.instance.priorities.values("pk") if self.instance.pk else []
        offered = Priority.objects.filter(Q(plan__in=plans.values("pk"), retired_on=None) | Q(pk__in=had))
        rows = offered.select_related("plan").prefetch_related("plan__partnerships")
        return rows.order_by("-plan__starts_on", "plan", "position")

    def clean_title(self):
        return " ".join(self.cleaned_data["title"].split())

    def clean_grades_due_on(self):
        return self.day_to_come("grades_due_on")

    def clean_re_audit_on(self):
        return self.day_to_come("re_audit_on")

    def day_to_come(self, name):
        day = self.cleaned_data[name]
        if day and day != self.initial.get(name):
            if day < self.today:
                raise forms.ValidationError("Enter a day that has not passed")
            refuse_far_day(day, on=self.today)
        elif day is None and name == "grades_due_on" and self.instance.asked_on:
            raise forms.ValidationError("Enter a day by which agencies grade: they were asked already")
        return day

    def clean(self):
        """A group, an entry, a priority and a scale of its own are of one of the partnerships it is for."""
        answers = super().clean()
        chosen = {each.pk for each in answers.get("partnerships", ())} | self.others
        if "partnerships" not in self.fields:
            chosen = self.instance.partnership_ids
        for name, words in (
            ("group", "Choose a group of the partnership it is for"),
            ("timetable_entry", "Choose an entry of the partnership it is for"),
            ("scale", "Choose a scale of the partnership it is for"),
        ):
            owner = answers.get(name)
            if chosen and owner and owner.partnership_ids and not chosen & owner.partnership_ids:
                self.add_error(name, words)
        for priority in answers.get("priorities", ()):
            if chosen and not chosen & priority.partnership_ids:
                self.add_error("priorities", f"“{priority}” is another partnership’s. Take its tick off")
        begins, ends = answers.get("records_from"), answers.get("records_to")
        if begins and ends and ends < begins:
            self.add_error("records_to", "Enter a day that is not before the first")
        if self.others and "partnerships" in answers:  # those of an office elsewhere stay as they are
            answers["partnerships"] = Partnership.objects.filter(pk__in=chosen)
        return answers


# The tool


class ToolRow(QuestionRow):
    """One question of the tool, under the section that gets a grade."""

    section = forms.CharField(label="Section", max_length=160, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("is_required", "wants_evidence", "is_voice"):
            del self.fields[name]

    def clean_section(self):
        return " ".join(self.cleaned_data["section"].split())

    def clean(self):
        cleaned = super().clean()
        if self.stays and not cleaned.get("section") and "section" not in self.errors:
            self.add_error("section", "Enter the section it stands under: each section gets a grade")
        return cleaned


class ToolRows(QuestionRows):
    row_class = ToolRow

    def __init__(self, data=None, *, questions):
        super().__init__(data, questions=questions, has_sections=True, is_wanted=False)


# The cases


class CaseRow(IdentityGuard, PlannerForm):
    """One anonymous case and the agencies that know it; a row without a reference is none."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reference = forms.CharField(label="Reference", max_length=40, required=False, help_text="Like “Case A”")
    about = forms.CharField(
        label="Who is it about?", max_length=300, required=False, help_text="Age band and need, like “Under 5, neglect”"
    )
    organisations = forms.ModelMultipleChoiceField(
        None, label="Which agencies know it?", required=False, widget=forms.CheckboxSelectMultiple
    )
    remove = forms.BooleanField(label="Take this case out", required=False)

    def __init__(self, *args, organisations, choices, may_remove, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisations"].queryset = organisations
        self.fields["organisations"].choices = choices
        self.fields["reference"].required = not self.is_new
        self.fields["reference"].error_messages["required"] = "Enter a reference, like Case A"
        if self.is_new or not may_remove:
            del self.fields["remove"]

    @property
    def is_new(self):
        return not self.initial.get("pk")

    @property
    def stays(self):
        return bool(self.cleaned_data.get("reference")) and not self.cleaned_data.get("remove")

    def clean_reference(self):
        return self.without_numbers("reference")

    def clean_about(self):
        return self.without_numbers("about")

    def without_numbers(self, name):
        """A name may be a word; a number of a record and a date of birth are refused whatever is said of them."""
        text = " ".join(self.cleaned_data[name].split())
        for doubt in doubts_in(text):
            if doubt.kind in (Kind.BIRTH, Kind.NUMBER, Kind.ADDRESS):
                raise forms.ValidationError(
                    f"“{doubt.words}” may be {doubt.kind}. Take it out: only the agencies know who a case is about"
                )
        return text

    def clean(self):
        cleaned = super().clean()
        if "reference" in self.errors or cleaned.get("reference") or cleaned.get("remove"):
            return cleaned
        if cleaned.get("about") or cleaned.get("organisations"):
            self.add_error("reference", "Enter a reference, like Case A")
        return cleaned


class CaseRows(QuestionRows):
    """``may_remove``: whether a case may still go."""

    row_class = CaseRow
    noun = "cases"

    def __init__(self, data=None, *, cases, organisations, may_remove, spare):
        choices = [(organisation.pk, str(organisation)) for organisation in organisations]
        self.given = {"organisations": organisations, "choices": choices, "may_remove": may_remove}
        super().__init__(data, questions=cases, is_wanted=False, spare=spare)

    def row(self, data, *, prefix, initial):
        return self.row_class(data, prefix=prefix, initial=initial, **self.given)

    def is_valid(self):
        """No two cases have one reference."""
        if not super().is_valid():
            return False
        seen = set()
        for form in self.forms:
            reference = form.cleaned_data.get("reference", "").casefold()
            if form.stays and reference in seen:
                form.add_error("reference", "Another case is called so. Choose another reference")
                self.problem = "Mend the cases that are marked below"
            seen.add(reference)
        return not self.problem

    def values(self):
        rows = [form.cleaned_data for form in self.forms if form.is_valid() and form.stays]
        names = ("reference", "about", "organisations")
        return [
            {"pk": row["pk"] if str(row["pk"]) in self.known else None, **{name: row[name] for name in names}}
            for row in rows
        ]


def agencies_of(audit, *, on):
    """Members of the audit's partnerships, and whoever is asked already."""
    members = Organisation.objects.members_of(audit.partnership_ids, on=on)
    asked = Organisation.objects.filter(audit_gradings__case__audit=audit)
    return Organisation.objects.filter(Q(pk__in=members.values("pk")) | Q(pk__in=asked.values("pk"))).order_by("name")
