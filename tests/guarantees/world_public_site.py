"""What the doors of the public site need behind them."""

from datetime import UTC, date, datetime

from partnership.models import PublicStatement

WHEN = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)


def public_site_of(partnership, office):
    own = {"partnership": partnership, "kind": PublicStatement.Kind.ACCESSIBILITY, "written_by": office}
    return {
        "public_statement": PublicStatement.objects.create(
            **own, version=1, words="Our own words.", published_at=WHEN, reviewed_on=date(2026, 9, 1)
        ),
        "public_statement_draft": PublicStatement.objects.create(**own, version=2, words="What comes next."),
    }
