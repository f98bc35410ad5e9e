"""Whoever runs the installation looks whether it does its work: wide and narrow, with axe."""

from datetime import UTC, datetime

from playwright.sync_api import expect

from partnership.models import BackupRun, Fault

NOW = datetime(2027, 1, 12, 8, 30, tzinfo=UTC)


def test_administrator_sees_what_is_not_well_and_what_to_do(visit, check_page, administrator, partnership):
    Fault.objects.create(
        request="3f2a91bc04de" + "0" * 20,
        at=NOW,
        kind="page",
        name="plans:update",
        error="ValueError",
        where="a.py:1 b",
    )
    BackupRun.objects.create(kind="backup", state="failed", began_at=NOW, ended_at=NOW, problem="The disk is full.")
    page = visit(administrator)
    page.goto("/administration/")
    page.get_by_role("link", name="Operations").click()
    check_page(page)
    expect(page.get_by_role("rowheader", name="3f2a91bc04de")).to_be_visible()
    page.get_by_role("link", name="Backup", exact=True).click()
    expect(page.get_by_text("The newest backup failed. The disk is full.")).to_be_in_viewport()
