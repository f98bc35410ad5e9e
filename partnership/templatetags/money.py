"""Amounts as a statement prints them."""

from decimal import Decimal

from django import template

from partnership.money import in_pounds

register = template.Library()


@register.filter
def pounds(amount):
    """ "£1,250.00" of a Decimal, or of its text as a frozen document keeps it; nothing for no amount."""
    return "" if amount is None else in_pounds(Decimal(amount))


@register.filter
def short_pounds(amount):
    """ "£1,250", and pence where there are some."""
    return "" if amount is None else in_pounds(amount, short=True)


@register.filter
def change_in_pounds(amount):
    """ "+£14,000.00", "−£25,233.00", "No change"; nothing where it is not known."""
    if amount is None:
        return ""
    return f"{'+' if amount > 0 else ''}{in_pounds(amount)}" if amount else "No change"
