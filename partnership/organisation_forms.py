"""Forms about organisations, their memberships and nominees, and about partnerships and areas."""

import calendar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from partnership.forms import PlannerForm, PlannerModelForm, SearchField
from partnership.house_style import ENOUGH, WHITE, contrast, darkened, is_colour
from partnership.models import Area, Membership, Organisation, Partnership, Post
from partnership.standing import standing_of
from partnership.templatetags.components import long_date, sentence_join

LONGEST_NAME = 160
FROM_HELP = "Leave it empty if nobody knows"


def partnerships_to_run(user):
    """Those whose members this person may choose: of their own office, or all for an administrator."""
    if standing_of(user).is_administrator:
        return Partnership.objects.all()
    return Partnership.objects.of_office(user)


def offer_partnerships(form, user):
    """Let ``form`` choose one that this person runs; where there is only one it is chosen."""
    field = form.fields["partnership"]
    field.queryset = partnerships_to_run(user)
    if field.queryset.count() == 1:
        field.initial = field.queryset.get()


class NameField(forms.CharField):
    """A name in one line, without the spaces that come with pasting."""

    def to_python(self, value):
        return " ".join(super().to_python(value).split())


# Organisations


class OrganisationAddForm(PlannerForm):
    """A new member. Where its name is known here already, it asks whether that is the same organisation."""

    submit_label = "Add the organisation"

    name = NameField(label="Name", max_length=LONGEST_NAME, help_text="In full, as it calls itself")
    is_same = forms.BooleanField(label="It is the organisation that is known here already", required=False)
    kind = forms.ChoiceField(label="Kind", choices=[("", "Choose one"), *Organisation.Kind.choices])
    partnership = forms.ModelChoiceField(Partnership.objects.none(), label="Partnership")
    role = forms.ChoiceField(label="Role in the partnership", choices=Membership.Role, widget=forms.RadioSelect)
    from_on = forms.DateField(label="Member since", required=False, help_text=FROM_HELP)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.is_known():
            del self.fields["is_same"]
        offer_partnerships(self, user)

    def is_known(self):
        name = " ".join(self.data.get("name", "").split())
        return Organisation.objects.filter(name__iexact=name).exists()


class OrganisationForm(PlannerModelForm):
    """What was written down wrongly, and the last day of one that nothing follows."""

    submit_label = "Save"

    class Meta:
        model = Organisation
        fields = ["name", "kind", "from_on", "to_on"]
        labels = {"from_on": "First day", "to_on": "Last day"}
        help_texts = {
            "name": "To mend the spelling. For a new name use “New name”, which keeps the old one on record",
            "from_on": FROM_HELP,
            "to_on": "Only where nothing follows it. Otherwise use “Merge”, which moves its posts",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.successor_id:
            del self.fields["to_on"]

    def clean_name(self):
        name = " ".join(self.cleaned_data["name"].split())
        if Organisation.objects.filter(name__iexact=name).exclude(pk=self.instance.pk).exists():
            raise ValidationError("Another organisation has this name. Enter one that tells them apart")
        return name

    def clean(self):
        cleaned = super().clean()
        from_on, to_on = cleaned.get("from_on"), cleaned.get("to_on")
        if from_on and to_on and to_on < from_on:
            self.add_error("to_on", f"The last day is before the first, {long_date(from_on)}. Enter a later one")
        elif to_on and "to_on" in self.changed_data:
            self.refuse_if_needed(to_on)
        first = self.instance.memberships.exclude(from_on=None).order_by("from_on").first()
        if from_on and first and first.from_on < from_on:
            day = long_date(first.from_on)
            self.add_error("from_on", f"It was a member by {day}. Enter that day or an earlier one")
        return cleaned

    def refuse_if_needed(self, to_on):
        goes_on = Q(to_on=None) | Q(to_on__gt=to_on)
        uses = [f"a member of {each.partnership}" for each in self.instance.memberships.filter(goes_on)]
        posts = self.instance.posts.open(on=to_on).exclude(closed_on=to_on).count()
        if posts:
            uses.append(f"where {posts} post{'s' if posts > 1 else ''} belong{'' if posts > 1 else 's'}")
        if self.instance.nominations.filter(goes_on).exists():
            uses.append("spoken for by a nominee")
        if uses:
            self.add_error(
                "to_on",
                f"After that day it is still {sentence_join(uses)}. End those first, "
                "or merge it into the organisation that follows it",
            )


class RenameForm(PlannerForm):
    submit_label = "Save the new name"

    name = NameField(label="New name", max_length=LONGEST_NAME)
    from_on = forms.DateField(label="First day of the new name", help_text="The old name is shown up to the day before")


class SucceedForm(PlannerForm):
    """Into which organisation it goes over: one that is here, or one that begins that day."""

    submit_label = "Show what will happen"

    successor = SearchField(
        Organisation.objects.none(),
        label="An organisation that is here already",
        required=False,
        help_text="Type part of its name. To merge several into one, do this for each of them",
    )
    name = NameField(label="Or the name of a new one", max_length=LONGEST_NAME, required=False)
    kind = forms.ChoiceField(label="Kind of the new one", choices=Organisation.Kind, required=False)
    from_on = forms.DateField(
        label="First day after the merger", help_text="The old organisation and its memberships end the day before"
    )

    def __init__(self, *args, user, organisation, **kwargs):
        super().__init__(*args, **kwargs)
        others = Organisation.objects.visible_to(user).exclude(pk=organisation.pk)
        self.fields["successor"].queryset = others.filter(successor=None)
        self.fields["kind"].initial = organisation.kind
        self.organisation = organisation

    def clean(self):
        cleaned = super().clean()
        chosen, name = cleaned.get("successor"), cleaned.get("name")
        if chosen and name:
            self.add_error("name", "Choose one that is here, or enter a new name, but not both")
        elif not (chosen or name or {"successor", "name"} & set(self.errors)):
            self.add_error("successor", "Choose the organisation that it goes over into, or enter a new name below")
        return cleaned

    @property
    def chosen(self):
        """The successor; one that does not exist yet is not saved."""
        answers = self.cleaned_data
        kind = answers["kind"] or self.organisation.kind
        return answers["successor"] or Organisation(name=answers["name"], kind=kind)


# Memberships and nominees


class MembershipAddForm(PlannerForm):
    submit_label = "Add the membership"

    partnership = forms.ModelChoiceField(Partnership.objects.none(), label="Partnership")
    role = forms.ChoiceField(label="Role", choices=Membership.Role, widget=forms.RadioSelect)
    from_on = forms.DateField(label="First day", required=False, help_text=FROM_HELP)
    to_on = forms.DateField(label="Last day", required=False, help_text="Leave it empty while it goes on")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        offer_partnerships(self, user)


class MembershipForm(PlannerModelForm):
    """Its days, and its role: mended, or another from a day."""

    MENDED, NEW = "mended", "new"

    role_change = forms.ChoiceField(
        label="If you chose another role",
        choices=[(NEW, "It has the new role from a day"), (MENDED, "The old role was written down wrongly")],
        widget=forms.RadioSelect,
        required=False,
    )
    role_from_on = forms.DateField(
        label="First day of the new role", required=False, help_text="Pages of earlier days still show the old role"
    )

    class Meta:
        model = Membership
        fields = ["role", "from_on", "to_on"]
        labels = {"role": "Role", "from_on": "Member since", "to_on": "Last day"}
        help_texts = {"from_on": FROM_HELP, "to_on": "Leave it empty while it goes on"}
        widgets = {"role": forms.RadioSelect}

    field_order = ["role", "role_change", "role_from_on", "from_on", "to_on"]

    def clean(self):
        cleaned = super().clean()
        from_on, to_on = cleaned.get("from_on"), cleaned.get("to_on")
        if from_on and to_on and to_on < from_on:
            self.add_error("to_on", f"The last day is before the first, {long_date(from_on)}. Enter a later one")
        if "role" not in self.changed_data:
            cleaned["role_from_on"] = None
        elif not cleaned.get("role_change"):
            self.add_error("role_change", "Choose whether the role changed or was written down wrongly")
        elif cleaned["role_change"] == self.MENDED:
            cleaned["role_from_on"] = None
        elif not cleaned.get("role_from_on") and "role_from_on" not in self.errors:
            self.add_error("role_from_on", "Enter the first day of the new role")
        return cleaned

    @property
    def answers(self):
        """What ``change_membership`` takes."""
        return {name: self.cleaned_data[name] for name in ("role", "role_from_on", "from_on", "to_on")}


class NomineeForm(PlannerForm):
    submit_label = "Save the nominee"

    post = SearchField(Post.objects.none(), label="Post that speaks for it", help_text="Type part of its title")
    from_on = forms.DateField(
        label="First day", help_text="Whoever speaks for it now stops the day before. Leave no day without one"
    )

    def __init__(self, *args, user, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["post"].queryset = Post.objects.visible_to(user).open(on=on).select_related("organisation")


class NominationEndForm(PlannerForm):
    submit_label = "End it"
    submit_kind = "warning"

    to_on = forms.DateField(label="Last day")


# Partnerships and areas


class PartnershipForm(PlannerModelForm):
    """A partnership as its office keeps it: the address of its public pages stays."""

    months = [(number, calendar.month_name[number]) for number in range(1, 13)]

    financial_year_starts_month = forms.TypedChoiceField(
        label="Financial year starts in", choices=months, coerce=int, initial=4
    )

    class Meta:
        model = Partnership
        fields = [
            "name",
            "short_name",
            "kind",
            "areas",
            "introduction",
            "office_email",
            "office_phone",
            "house_colour",
            "financial_year_starts_month",
            "is_public",
            "is_also_in_welsh",
        ]
        labels = {
            "short_name": "Short name",
            "areas": "Local authority areas",
            "introduction": "First words on the public page",
            "office_email": "The office’s e-mail address",
            "office_phone": "The office’s telephone number",
            "house_colour": "House colour",
            "is_public": "The public pages are open to everyone",
            "is_also_in_welsh": "The public pages are offered in Welsh as well",
        }
        help_texts = {
            "short_name": "As it stands beside a lead where partnerships differ, like AV",
            "areas": "One that is missing is added by an administrator, under Administration, Areas",
            "introduction": "Two or three sentences: who you are and what this page says",
            "office_email": "Shown on the public pages",
            "house_colour": "Six letters or figures after a #, like #0b4f5c. White words are set on it",
            "is_also_in_welsh": "Headings, menus and dates, not what you write yourselves. The Welsh is a draft by a "
            "program that no Welsh reader has checked: ask one to read your pages first",
        }
        widgets = {"kind": forms.RadioSelect, "areas": forms.CheckboxSelectMultiple}
        error_messages = {
            "name": {"unique": "Another partnership has this name. Enter one that tells them apart"},
            "short_name": {"unique": "Another partnership has this short name. Enter a different one"},
        }

    def clean_house_colour(self):
        """Refused where white words could not be read on it, with the nearest shade on which they can."""
        colour = self.cleaned_data["house_colour"]
        if not is_colour(colour):  # the model's own rule, which is asked later, says so
            return colour
        times = contrast(colour, WHITE)
        if times < ENOUGH:
            raise ValidationError(
                f"White words cannot be read on {colour}: the contrast is {times:.1f} to 1 and "
                f"{ENOUGH} to 1 is needed. Enter a darker colour, for example {darkened(colour)}"
            )
        return colour


class AreaForm(PlannerModelForm):
    submit_label = "Add the area"

    class Meta:
        model = Area
        fields = ["name", "code"]
        labels = {"name": "Name of the local authority area", "code": "ONS code"}
        help_texts = {"code": "Nine characters, like E10000018"}
        error_messages = {"name": {"unique": "This area is in the list already. Give this one another name"}}
