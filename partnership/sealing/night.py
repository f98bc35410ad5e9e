"""What is done each night: seal, tell it outside, check all of it, and raise the alarm where something is not right."""

import logging
from smtplib import SMTPException

from partnership.sealing import outside
from partnership.sealing.chain import Unsettled, seal
from partnership.sealing.checking import check

logger = logging.getLogger(__name__)


def night(*, at):
    """Gives the numbers of ``checking.Checked``. What is wrong stands in the log, line by line."""
    try:
        outside.tell(seal(at=at))
    except Unsettled as trouble:
        logger.warning("%s", trouble)
    found = check()
    for fault in found.faults:
        logger.error("The history is not as it was sealed: %s", fault)
    try:
        outside.mail_witnesses(found)
    except (OSError, SMTPException) as trouble:
        logger.warning("The witnesses of the history could not be told: %s", trouble)
    logger.info("%s rows of the history were checked, under %s seals", found.rows, found.seals)
    return {"seals": found.seals, "rows": found.rows, "faults": found.fault_count}
