"""A second step that was lost is taken away by the person's office, so that they can set up another."""

from allauth.mfa.models import Authenticator
from django.db import transaction

from partnership.accounts.events import Kind, note
from partnership.accounts.mails import post
from partnership.accounts.second_step import steps_of
from partnership.accounts.sessions import end_sessions
from partnership.models import User
from partnership.refusals import NotNow


@transaction.atomic
def take_second_step_away(person, *, because, by, at, request=None):
    """Their passkeys, app and recovery codes go, their sessions end, and both are told by mail.

    Their password goes too: whoever stole it and talked the office into this would else be in. They come in by their
    mailbox or their organisation, and set up a second step anew where one is needed. Raises NotNow where there is none.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    if not steps_of(person).exists():
        raise NotNow(f"{person} has no second step that could be taken away.")
    Authenticator.objects.filter(user=person).delete()
    person.set_unusable_password()
    person.save(update_fields=["password"])
    end_sessions([person.pk])
    note(Kind.STEP_REMOVED, person, request, at=at, by=by, detail=because)
    words = {"person": person, "by": by, "because": because}
    post("account_step_taken_away", "Your second step was taken away", words, to=person.email)
    post("account_step_taken_by_you", f"You took away the second step of {person}", words, to=by.email)
