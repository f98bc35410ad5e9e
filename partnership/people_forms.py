"""Questions about posts and the people who hold them."""

from django import forms
from django.db import IntegrityError, transaction
from django.utils import timezone

from partnership.appointments import CannotAppoint, whose_time_ends
from partnership.forms import PlannerForm, PlannerModelForm, SearchField
from partnership.models import Organisation, Partnership, Post, User
from partnership.standing import standing_of
from partnership.templatetags.components import sentence_join

WHICH_PARTNERSHIPS = "Of the duty above. A post that is in no organisation needs one too, or nobody would find it."


def partnerships_of_office(user):
    """Those whose posts ``user`` may make and change."""
    if standing_of(user).is_administrator:
        return Partnership.objects.all()
    return Partnership.objects.of_office(user)


class PostForm(PlannerModelForm):
    """What a post is. Who holds it is another page's."""

    organisation = SearchField(
        Organisation.objects.none(),
        required=False,
        help_text="Leave it empty for a post of the partnership itself, such as an independent chair.",
    )

    class Meta:
        model = Post
        fields = ["title", "organisation", "duty", "partnerships", "is_shared", "closed_on"]
        labels = {
            "title": "Title",
            "duty": "Duty",
            "partnerships": "For which partnerships?",
            "is_shared": "Several people hold it at once",
            "closed_on": "Last day of the post",
        }
        help_texts = {
            "title": "The role, not the person: “Head of Safeguarding”.",
            "duty": "What the post does for the partnership beyond its own organisation, if anything.",
            "partnerships": WHICH_PARTNERSHIPS,
            "is_shared": "",
            "closed_on": "Only if the post has gone, or will. Its history is kept.",
        }
        error_messages = {"title": {"required": "Enter the title of the post"}}
        widgets = {"partnerships": forms.CheckboxSelectMultiple, "is_shared": forms.CheckboxInput}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        partnerships = partnerships_of_office(user)
        organisations = Organisation.objects.members_of(partnerships.values("pk"), on=timezone.localdate())
        if self.instance.organisation_id:
            organisations |= Organisation.objects.filter(pk=self.instance.organisation_id)
        self.fields["organisation"].queryset = organisations.order_by("name")
        self.fields["partnerships"].queryset = partnerships

    def clean_title(self):
        return " ".join(self.cleaned_data["title"].split())

    def clean_is_shared(self):
        is_shared = self.cleaned_data["is_shared"]
        if not is_shared and self.instance.pk:
            today = timezone.localdate()
            holders = self.instance.holdings.current(on=today).select_related("user")
            if len(holders) > 1:
                names = sentence_join([holding.user for holding in holders])
                raise forms.ValidationError(f"{names} hold this post now: end the time of all but one first")
        return is_shared

    def clean_closed_on(self):
        closed_on = self.cleaned_data["closed_on"]
        if closed_on and self.instance.pk:
            beyond = self.instance.holdings.select_related("user")
            for holding in beyond.not_over(on=timezone.localdate()):
                if holding.to_on is None or holding.to_on > closed_on:
                    raise forms.ValidationError(
                        f"{holding.user} holds this post beyond that day: say their last day in it first"
                    )
        return closed_on

    def clean(self):
        cleaned = super().clean()
        partnerships = cleaned.get("partnerships")
        if cleaned.get("duty") and partnerships is not None and not partnerships:
            self.add_error("partnerships", "Choose the partnership for which the post has this duty")
        elif not self.is_found_by(cleaned):
            self.add_error("organisation", "Choose an organisation, or below the partnership that the post is of")
        return cleaned

    def is_found_by(self, cleaned):
        """Whether the post belongs to anything, so that its partnership sees it."""
        if "organisation" not in cleaned or "partnerships" not in cleaned:
            return True  # an error of its own says what is wrong there
        has_seats = bool(self.instance.pk) and self.instance.group_memberships.exists()
        return bool(cleaned["organisation"] or cleaned["partnerships"] or has_seats)


class NewPostForm(PostForm):
    submit_label = "Add the post"

    class Meta(PostForm.Meta):
        fields = ["title", "organisation", "duty", "partnerships", "is_shared"]

    def __init__(self, *args, asked, **kwargs):
        """``asked``: {field: what the address asks for}, chosen already where this person may choose it."""
        super().__init__(*args, **kwargs)
        own = list(self.fields["partnerships"].queryset[:2])
        chosen = [each.pk for each in own] if len(own) == 1 else [asked.get("partnership")]
        self.initial |= {"organisation": asked.get("organisation"), "partnerships": chosen}
        if asked.get("duty") in Post.Duty.values:
            self.initial["duty"] = asked["duty"]


class AppointForm(PlannerForm):
    """Who holds the post next. Nothing here says whether another partnership knows the address."""

    submit_label = "Go on"

    email = forms.EmailField(
        label="Their e-mail address",
        max_length=254,
        help_text="Their own address at work. If they are in the product already, they are found by it.",
    )
    name = forms.CharField(
        label="Their name",
        max_length=120,
        required=False,
        help_text="As their colleagues write it. Leave it empty if they are on your list of people.",
    )
    from_on = forms.DateField(label="From which day?", error_messages={"required": "Enter their first day in the post"})
    to_on = forms.DateField(
        label="Last day, if it is known",
        required=False,
        help_text="For somebody who stands in for a time.",
    )

    def __init__(self, *args, post, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.post = post
        self.user = user
        self.known = None
        self.ending = []
        self.fields["email"].widget.attrs.update(autocomplete="off", spellcheck="false")
        self.fields["name"].widget.attrs.update(autocomplete="off")

    @property
    def who(self):
        """The name that the person who asks may know."""
        return self.known.name if self.known else self.cleaned_data["name"]

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())

    def clean(self):
        cleaned = super().clean()
        email = cleaned.get("email")
        if email:
            self.known = User.objects.visible_to(self.user).filter(email__iexact=email).first()
            if not self.known and not cleaned.get("name") and not self.has_error("name"):
                self.add_error("name", "Enter their name: this address is not on your list of people")
        if not self.errors:
            try:
                self.ending = whose_time_ends(
                    self.post, user=self.known, from_on=cleaned["from_on"], to_on=cleaned["to_on"]
                )
            except CannotAppoint as problem:
                self.add_error(problem.field, str(problem))
        return cleaned


class EndForm(PlannerForm):
    submit_label = "End it"
    submit_kind = "warning"

    to_on = forms.DateField(label="Their last day in this post", error_messages={"required": "Enter their last day"})


class PersonForm(PlannerModelForm):
    """Name and address. Whether they may sign in at all is another page's."""

    class Meta:
        model = User
        fields = ["name", "email"]
        labels = {"name": "Name", "email": "E-mail address"}
        help_texts = {
            "name": "As their colleagues write it.",
            "email": "They sign in with it, and reminders go there.",
        }
        error_messages = {
            "name": {"required": "Enter their name"},
            "email": {"required": "Enter their e-mail address"},
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())

    def clean_email(self):
        email = User.objects.normalize_email(self.cleaned_data["email"])
        others = User.objects.exclude(pk=self.instance.pk).filter(email__iexact=email)
        if others.exists():
            known = User.objects.visible_to(self.user).filter(pk__in=others.values("pk")).first()
            raise forms.ValidationError(taken_words(known))
        return email

    def save_or_say(self):
        """Whether it was saved. An address taken in this very moment is an error like any other."""
        try:
            with transaction.atomic():
                self.save()
        except IntegrityError:
            self.add_error("email", taken_words(None))
            return False
        return True


def taken_words(known):
    """Why an address can't be used, without a word about people whom the reader may not know of."""
    if known:
        return f"{known.name} has this address: one person can have it"
    return "This address can’t be used here. Check it, and if it is right ask the administrator"
