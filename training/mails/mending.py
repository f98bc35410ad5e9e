"""A mail that did not arrive goes once more, to an address that somebody has looked at."""

from django.db import transaction
from django.db.models.functions import Lower

from partnership.models import Bounce
from partnership.refusals import NotNow
from partnership.reminders.bounces import clear
from training.mails.mailing import Kind, wake_soon
from training.models import Evaluation, Place, Practitioner, TrainingMail
from training.models.mails import OVERTAKEN


def is_undelivered(mail):
    """It was refused, or went to an address from which mail comes back (``came_back_at``), and is still needed."""
    if mail.problem:
        return not mail.problem.startswith(OVERTAKEN)
    return mail.came_back_at is not None


@transaction.atomic
def send_again(mail, *, address, by, at):
    """Send ``mail`` to ``address``, and have later ones of the same person go there.

    Somebody says with it that the address is right: mail that came back from it counts no more. Pressing twice is
    once. Raises NotNow where the address is another practitioner's.
    """
    mail = TrainingMail.objects.select_for_update(of=["self"]).get(pk=mail.pk)
    if not mail.problem and mail.sent_at is None:
        return
    before = mail.address
    for bounce in Bounce.objects.standing().annotate(lower=Lower("email")).filter(lower=address):
        clear(bounce, by=by, at=at)
    if address != before.lower():
        move_person(mail, address=address)
        waiting = TrainingMail.objects.filter(address__iexact=before, sent_at=None, claimed_at=None, problem="")
        waiting.update(address=address)
    mail.address, mail.problem = address, ""
    mail.made_at, mail.claimed_at, mail.sent_at = at, None, None
    mail.save(update_fields=["address", "problem", "made_at", "claimed_at", "sent_at"])
    wake_soon()


def move_person(mail, *, address):
    """Write ``address`` where the address of ``mail`` came from."""
    if mail.kind == Kind.AGREE:
        Place.objects.filter(pk=mail.place_id).update(manager_email=address)
    elif mail.kind == Kind.EVALUATION_MANAGER:
        Evaluation.objects.filter(pk=mail.evaluation_id).update(manager_email=address)
    elif person := practitioner_of(mail):
        others = Practitioner.objects.annotate(lower=Lower("email")).filter(lower=address).exclude(pk=person.pk)
        if other := others.first():
            raise NotNow(f"This is the address of {other.name} already. Enter another.")
        person.email = address
        person.save(update_fields=["email"])


def practitioner_of(mail):
    """Whose address it went to; None where it was changed since, or is nobody's that we know."""
    place = mail.place or (mail.evaluation.place if mail.evaluation else None)
    person = mail.practitioner or (place.practitioner if place else None)
    return person if person and person.email.lower() == mail.address.lower() else None
