"""The register on paper: names with room for a signature, and empty lines for whoever is not on it."""

from training.attendance.certificates import days_of, length_of, print_pdf
from training.attendance.register import register_of

EMPTY_LINES = 5


def make_register(event):
    """As a ``Pdf``. Raises PdfProblem."""
    register = register_of(event)
    context = {
        "event": event,
        "course": event.course,
        "when": days_of(event),
        "length": length_of(event),
        "partnership": event.course.home,
        "expected": register.expected,
        "aside": register.aside,
        "empty": range(EMPTY_LINES),
    }
    return print_pdf("training/print/register", context, event.course.home)
