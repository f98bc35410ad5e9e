"""The list of what happened to accounts: its columns, and what narrows it."""

import django_filters
import django_tables2 as tables
from django.db.models import Q

from partnership.accounts.browsers import browser_in_words
from partnership.lists import MomentColumn, RecordFilter, RecordTable
from partnership.models import AccountEvent, User
from partnership.models.people import holders_in
from partnership.standing import standing_of


def people_of_request(request):
    """Those whose events this person sees, themselves among them."""
    standing = standing_of(request.user)
    if standing.is_administrator:
        return User.objects.all()
    return User.objects.filter(
        Q(pk=request.user.pk) | Q(pk__in=holders_in(standing.office_ids), is_administrator=False)
    )


class AccountEventTable(RecordTable):
    kind = tables.Column("What")
    user = tables.Column("Whose", order_by="user__name", linkify=True)
    at = MomentColumn("When")
    by = tables.Column("By", order_by="by__name")
    ip = tables.Column("Where")
    detail = tables.Column("More", orderable=False)

    class Meta(RecordTable.Meta):
        caption = "What happened to accounts"
        sequence = ("kind", "user", "at", "by", "ip", "detail")

    def render_ip(self, record):
        return f"{browser_in_words(record.browser)}, {record.ip}"

    value_ip = render_ip


class AccountEventFilter(RecordFilter):
    search_fields = ("user__name", "detail")

    kind = django_filters.ChoiceFilter(label="What", empty_label="Anything", choices=AccountEvent.Kind.choices)
    person = django_filters.ModelChoiceFilter(
        label="Whose", empty_label="Anybody’s", queryset=people_of_request, field_name="user"
    )
    since = django_filters.DateFilter(label="Since", field_name="at", lookup_expr="date__gte")
    until = django_filters.DateFilter(label="Until", field_name="at", lookup_expr="date__lte")

    class Meta:
        model = AccountEvent
        fields = []
