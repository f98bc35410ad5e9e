"""The form of a course, with what the partnerships have whose training this person runs."""

from django import forms
from django.db.models import Q

from partnership.forms import PlannerModelForm
from partnership.models import Partnership
from partnership.templatetags.components import sentence_join
from plans.priority_links import LinkedPriorities, priorities_for
from training.models import Competency, Course
from training.programme.changing import lock_partnerships, same_course
from training.rules import run_ids

SEVERAL = ("partnerships", "run_by")


class CourseForm(PlannerModelForm):
    """A course. Of its partnerships only those can be chosen whose training ``user`` runs; others stay as they are."""

    submit_label = "Save the course"

    priorities = LinkedPriorities(
        label="Which priorities of a plan does it serve?",
        error_messages={"invalid_choice": "Choose priorities of a plan of its partnerships"},
    )

    class Meta:
        model = Course
        fields = [
            "title",
            "purpose",
            "afterwards",
            "audience",
            "level",
            "mode",
            "partnerships",
            "run_by",
            "competencies",
            "priorities",
            "is_work_email_needed",
            "is_agreement_needed",
        ]
        labels = {
            "title": "What is it called?",
            "purpose": "What is it for?",
            "afterwards": "What can people do afterwards?",
            "audience": "For whom is it?",
            "level": "Level",
            "mode": "How is it taught?",
            "partnerships": "Which partnerships is it of?",
            "run_by": "Which of them runs it?",
            "competencies": "Which competencies does somebody gain who took part?",
            "is_work_email_needed": "Book only with a work e-mail address",
            "is_agreement_needed": "The manager has to agree to each place",
        }
        help_texts = {
            "purpose": "What led to it, and what it is to change. Everybody reads this in the public programme.",
            "afterwards": "One line for each thing that they can do in their work and could not do before.",
            "audience": "As people call themselves: health visitors, school staff, everyone.",
            "level": "As you call it: Foundation, Level 2, Level 3.",
            "run_by": "Its rules of training count, and it charges. Needed where you choose several.",
        }
        error_messages = {
            "title": {"required": "Enter what the course is called"},
            "mode": {"required": "Choose how it is taught"},
            "partnerships": {"required": "Choose at least one partnership"},
            "run_by": {"required": "Choose which of them runs it"},
        }
        widgets = {
            "mode": forms.RadioSelect,
            "partnerships": forms.CheckboxSelectMultiple,
            "competencies": forms.CheckboxSelectMultiple,
        }

    def __init__(self, data=None, *args, user, **kwargs):
        own = run_ids(user)
        if data is not None:
            lock_partnerships(own)
        self.own = Partnership.objects.filter(pk__in=own).order_by("name")
        super().__init__(data, *args, **kwargs)
        course = self.instance
        linked = course.partnerships.all() if course.pk else Partnership.objects.none()
        self.others = [each for each in linked if each.pk not in own]
        everybody = own | {each.pk for each in self.others}
        self.fields["partnerships"].queryset = self.own
        self.fields["run_by"].queryset = Partnership.objects.filter(pk__in=everybody).order_by("name")
        self.fields["run_by"].empty_label = "Choose one"
        self.fields["run_by"].required = False  # asked for below, where several are chosen
        if self.others:
            names = sentence_join([each.name for each in self.others])
            self.fields["partnerships"].help_text = f"It is of {names} too, which stays so."
        if len(everybody) == 1:
            for name in SEVERAL:
                del self.fields[name]
        gained = course.competencies.values("pk") if course.pk else []
        of_ours = Competency.objects.filter(Q(partnership__in=own) | Q(pk__in=gained))
        self.fields["competencies"].queryset = of_ours.select_related("partnership")
        if len(everybody) > 1:  # two frameworks may ask for the same
            self.fields["competencies"].label_from_instance = lambda each: f"{each} ({each.partnership.short_name})"
        besides = list(course.priorities.values_list("pk", flat=True)) if course.pk else []
        self.fields["priorities"].queryset = priorities_for(self.own, user, besides=besides)
        for name in ("competencies", "priorities"):
            if len(self.fields[name].queryset) == 0:
                del self.fields[name]

    def extra_values(self):
        """Of the partnerships only those that can be chosen."""
        if self.instance.pk is None:
            return {}
        return {"partnerships": list(self.instance.partnerships.filter(pk__in=self.own))}

    def words_now(self, name):
        if name == "partnerships":
            return sentence_join(self.extra_values()[name]) or "none"
        return super().words_now(name)

    def clean_title(self):
        return " ".join(self.cleaned_data["title"].split())

    def clean(self):
        answers = super().clean()
        if "partnerships" not in self.errors:
            chosen = list(answers.get("partnerships", self.own))
            answers["partnerships"] = of = [*chosen, *self.others]
            self.check_run_by(answers, of)
            self.check_competencies(answers, of)
            other = same_course(answers.get("title", ""), of, besides=self.instance.pk)
            if other and self.instance.retired_on is None:
                self.add_error("title", "A course of this name is there already. Say in its name how this one differs")
        return answers

    def check_run_by(self, answers, of):
        """Where there is no choice, or only one partnership is chosen, that runs it."""
        if "run_by" not in self.fields:
            self.instance.run_by = of[0]
        elif "run_by" not in self.errors and answers.get("run_by") is None:
            if len(of) == 1:
                answers["run_by"] = of[0]
            else:
                self.add_error("run_by", self.fields["run_by"].error_messages["required"])
        elif answers.get("run_by") and answers["run_by"] not in of:
            self.add_error("run_by", f"Choose one of its own partnerships. It is not of {answers['run_by']}")

    def check_competencies(self, answers, of):
        strange = [each for each in answers.get("competencies", []) if each.partnership not in of]
        if strange:
            names = sentence_join([each.title for each in strange])
            self.add_error("competencies", f"The course is not of the partnership that asks for this: {names}")
