"""Making files, as a worker does it that stands still at a chosen point, so that it can be killed just there.

Points: any words of progress ("Writing the Word edition"), and "keeping": all is made and nothing is kept yet.
Whatever is kept is written down in the file ``KEPT_FILE``, a line each.
"""

from pathlib import Path

from django.conf import settings

from partnership.builds import Claim
from tests.faults.slow_mail import stand_still

say, keep = Claim.say, Claim.keep


def slow_say(claim, step, done=0, total=0):
    say(claim, step, done, total)
    stand_still(step)


def slow_keep(claim, pdf, **fields):
    stand_still("keeping")
    keep(claim, pdf, **fields)
    with Path(settings.KEPT_FILE).open("a") as kept:
        kept.write(f"{claim.build_id}\n")


Claim.say, Claim.keep = slow_say, slow_keep
