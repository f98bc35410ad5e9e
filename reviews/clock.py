"""The clock of a review: by when each stage is to be done."""

from partnership.working_days import add_working_days

# Working Together 2018 and 2023 on rapid reviews, as safeguarding partnerships and the Panel's own
# questions and answers read it: counted from the day on which the notification was sent.
RAPID_REVIEW_WORKING_DAYS = 15


def rapid_review_due_on(notified_on):
    """The day by which a rapid review is complete and sent to the Panel."""
    return add_working_days(notified_on, RAPID_REVIEW_WORKING_DAYS)
