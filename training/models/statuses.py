"""What may become of a place. By itself, because events count places and places belong to events."""

from django.db import models


class PlaceStatus(models.TextChoices):
    UNCONFIRMED = "unsure", "Waits to be confirmed by mail"
    AGREEMENT = "agreement", "Waits for the manager’s agreement"
    BOOKED = "booked", "Booked"
    WAITING = "waiting", "On the waiting list"
    ATTENDED = "attended", "Attended"
    MISSED = "missed", "Did not attend"
    CANCELLED = "cancelled", "Cancelled"


class SignedIn(models.TextChoices):
    CODE = "code", "Signed in by code"
    LIST = "list", "Ticked on the list"
    IMPORTED = "import", "From an imported log"


# Places that nobody else can have.
COMING = [PlaceStatus.AGREEMENT, PlaceStatus.BOOKED, PlaceStatus.ATTENDED, PlaceStatus.MISSED]
# People who count on the event: they hear of every change.
CONCERNED = [PlaceStatus.AGREEMENT, PlaceStatus.BOOKED, PlaceStatus.WAITING]
# Places of events that were held: somebody came, or did not.
HELD = [PlaceStatus.ATTENDED, PlaceStatus.MISSED]
# How people come to stand in a register that somebody keeps here.
IN_REGISTER = [SignedIn.CODE, SignedIn.LIST]
