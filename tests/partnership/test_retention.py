"""How long it is kept: seen before anything goes, done on somebody's word, written down without names."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse

from partnership.data_protection import keeping
from partnership.data_protection.map import event_models, kinds
from partnership.data_protection.schedule import Schedule
from partnership.heartbeats import RETENTION
from partnership.models import (
    Document,
    Heartbeat,
    LegalHold,
    PeopleImport,
    RetentionPeriod,
    RetentionRun,
    User,
)
from partnership.refusals import NotNow
from partnership.tasks import apply_retention
from plans.models import UpdateDraft
from tests.conftest import TODAY
from tests.factories import (
    CaseFactory,
    DeliverableFactory,
    PostFactory,
    PostHoldingFactory,
    UpdateRoundFactory,
    UserFactory,
)

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("today")


def an_import(partnership, office, *, on, filename="people.xlsx"):
    document = Document.objects.create(filename=filename, content=b"x", sha256="0" * 64, size=1, uploaded_by=office)
    made = PeopleImport.objects.create(
        partnership=partnership, document=document, understood=[{"name": "Wanda Ashby"}], created_by=office
    )
    PeopleImport.objects.filter(pk=made.pk).update(created_at=datetime(on.year, on.month, on.day, 12, tzinfo=UTC))
    return made


@pytest.fixture
def imports(partnership, other_partnership, office):
    """An old one and a new one of Ashford Vale, an old one of Millbrook."""
    return [
        an_import(partnership, office, on=date(2025, 3, 1)),
        an_import(partnership, office, on=TODAY - timedelta(days=300)),
        an_import(other_partnership, office, on=date(2025, 3, 1)),
    ]


def line_of(partnership, code="imports"):
    return Schedule().line(partnership.pk if partnership else None, kinds()[code])


def apply(partnership, code="imports", *, by=None):
    return keeping.apply_kind(partnership.pk if partnership else None, code, on=TODAY, by=by, at=NOW)


# What goes


def test_what_is_over_goes_with_its_file_and_its_history_and_nothing_else_does(partnership, imports, office):
    old, new, elsewhere = imports
    run = apply(partnership, by=office)
    assert (run.count, run.by, run.older_than) == (1, office, date(2026, 1, 12))
    assert set(PeopleImport.objects.all()) == {new, elsewhere}
    assert not Document.objects.filter(pk=old.document_id).exists()
    for model, key in ((PeopleImport, old.pk), (Document, old.document_id)):
        assert not event_models()[model].objects.filter(pgh_obj_id=key).exists()
    assert event_models()[PeopleImport].objects.filter(pgh_obj_id=new.pk).exists()


def test_a_file_that_another_record_has_stays(partnership, imports, office):
    old, new, _elsewhere = imports
    PeopleImport.objects.filter(pk=new.pk).update(document=old.document_id)
    apply(partnership)
    assert Document.objects.filter(pk=old.document_id).exists()


def test_done_twice_it_is_done_once(partnership, imports):
    assert apply(partnership).count == 1
    assert apply(partnership) is None
    assert RetentionRun.objects.count() == 1


def test_what_is_held_stays(partnership, imports, office):
    hold = keeping.place_hold(partnership.pk, "imports", because="An inquiry", by=office, at=NOW)
    with pytest.raises(NotNow):
        apply(partnership)
    keeping.lift_hold(hold, because="It has ended", by=office, at=NOW)
    assert apply(partnership).count == 1


def test_a_hold_on_everything_holds_each_kind_and_what_is_the_installations(partnership, imports, office):
    keeping.place_hold(partnership.pk, "", because="An inquiry", by=office, at=NOW)
    with pytest.raises(NotNow):
        apply(partnership)
    with pytest.raises(NotNow):
        apply(None, "invitations")


def test_a_joint_record_stays_as_long_as_any_of_its_partnerships_keeps_it(partnership, other_partnership, plan, office):
    from_both = sorted(plan.partnerships.values_list("pk", flat=True))
    assert from_both == sorted([partnership.pk, other_partnership.pk])
    draft = make_draft(plan, office, at=NOW - timedelta(days=500))
    keeping.set_period(
        other_partnership.pk, "plan-drafts", months=36, is_by_itself=False, because="Ours", by=office, at=NOW
    )
    assert keeping.count_over(Schedule(), line_of(partnership, "plan-drafts"), on=TODAY) == 0
    keeping.set_period(
        other_partnership.pk, "plan-drafts", months=12, is_by_itself=False, because="Ours", by=office, at=NOW
    )
    assert keeping.count_over(Schedule(), line_of(partnership, "plan-drafts"), on=TODAY) == 1
    assert apply(partnership, "plan-drafts").count == 1
    assert not type(draft).objects.filter(pk=draft.pk).exists()


def make_draft(plan, author, *, at):
    deliverable = DeliverableFactory(priority__plan=plan)
    return UpdateDraft.objects.create(
        deliverable=deliverable, round=UpdateRoundFactory(plan=plan), author=author, answers={}, saved_at=at
    )


def test_who_left_long_ago_is_made_nameless_and_who_left_lately_is_not(partnership, office):
    post = PostFactory(title="Safeguarding lead", partnerships=[partnership])
    gone, lately = UserFactory(name="Wanda Ashby"), UserFactory(name="Viktor Holm")
    PostHoldingFactory(post=post, user=gone, from_on=date(2015, 1, 1), to_on=date(2019, 6, 1))
    PostHoldingFactory(post=post, user=lately, from_on=date(2019, 6, 2), to_on=date(2026, 6, 1))
    assert apply(partnership, "people").count == 1
    names = set(User.objects.filter(pk__in=[gone.pk, lately.pk]).values_list("name", "is_active"))
    assert names == {(f"Former member {gone.pk}", False), ("Viktor Holm", True)}
    history = event_models()[User].objects.filter(pgh_obj_id=gone.pk)
    assert set(history.values_list("name", flat=True)) == {f"Former member {gone.pk}"}
    assert apply(partnership, "people") is None


def test_a_case_is_never_deleted_by_a_press(partnership):
    CaseFactory(partnership=partnership, closed_on=date(1940, 1, 1), closed_because="No further action")
    with pytest.raises(NotNow):
        apply(partnership, "cases")


def test_every_kind_can_be_counted_and_done_where_nothing_is_over(partnership):
    schedule = Schedule()
    for line in schedule.lines(schedule.partnerships, with_installation=True):
        assert keeping.count_over(schedule, line, on=date(1990, 1, 1)) == 0
        if line.can_be_done:
            key = line.partnership.pk if line.partnership else None
            assert keeping.apply_kind(key, line.kind.code, on=date(1990, 1, 1), by=None, at=NOW) is None


def test_what_the_product_does_by_itself_nobody_changes(client, administrator):
    client.force_login(administrator)
    address = "/data-protection/retention/installation/sign-ins/"
    assert "every night by itself" in client.get(address).content.decode()
    assert client.post(f"{address}change/", {"months": "60", "because": "Longer"}).status_code == 404
    with pytest.raises(NotNow):
        apply(None, "sign-ins")


# By night, and by command


def test_at_night_only_what_an_office_let_go_goes_and_the_rest_waits(partnership, other_partnership, imports, office):
    keeping.set_period(partnership.pk, "imports", months=12, is_by_itself=True, because="Ours", by=office, at=NOW)
    apply_retention()
    apply_retention()
    assert list(RetentionRun.objects.values_list("partnership", "kind", "count", "by")) == [
        (partnership.pk, "imports", 1, None)
    ]
    assert Heartbeat.objects.get(name=RETENTION).outcome == {"waiting": {"millbrook": {"imports": 1}}, "done": 0}
    assert PeopleImport.objects.filter(pk=imports[2].pk).exists()


def test_the_command_only_counts_until_it_is_told_otherwise(partnership, imports, capsys):
    call_command("apply_retention")
    assert "AV: Spreadsheets of people and actions: 1 over" in capsys.readouterr().out
    assert PeopleImport.objects.count() == 3
    call_command("apply_retention", "--really")
    assert "AV: Spreadsheets of people and actions: 1 done" in capsys.readouterr().out
    assert PeopleImport.objects.count() == 1


def test_the_command_says_of_no_case_how_many_are_over(partnership, capsys):
    CaseFactory(partnership=partnership, closed_on=date(1940, 1, 1), closed_because="No further action")
    call_command("apply_retention")
    lines = [line for line in capsys.readouterr().out.splitlines() if "Case records" in line]
    assert all(line.endswith("how many are over only their own group is told") for line in lines)


def test_what_waits_stands_on_the_desk_of_its_office(client, office, other_partnership, imports):
    apply_retention()
    client.force_login(office)
    page = client.get(reverse("partnership:overview")).content.decode()
    assert "over their time and wait for your yes" in page


# On the pages


def test_the_office_sees_what_is_over_and_lets_it_go(client, office, partnership, imports):
    client.force_login(office)
    address = "/data-protection/retention/ashford-vale/imports/"
    page = client.get(address).content.decode()
    assert "1 record." in page
    assert "people.xlsx" in page
    answer = client.post(f"{address}apply/", {"seen": "1"}, follow=True)
    assert "Done with 1 record." in answer.content.decode()
    assert RetentionRun.objects.get().by == office


def test_more_than_was_seen_does_not_go(client, office, partnership, imports):
    client.force_login(office)
    an_import(partnership, office, on=date(2025, 4, 1))
    answer = client.post("/data-protection/retention/ashford-vale/imports/apply/", {"seen": "1"}, follow=True)
    assert "Look again before you say yes" in answer.content.decode()
    assert PeopleImport.objects.count() == 4


def test_a_period_below_the_floor_is_refused_with_what_is_typed_kept(client, office, partnership):
    client.force_login(office)
    address = "/data-protection/retention/ashford-vale/cases/change/"
    answer = client.post(address, {"months": "12", "because": "Shorter is easier"})
    assert answer.status_code == 422
    assert "Enter 300 months or more" in answer.content.decode()
    assert "Shorter is easier" in answer.content.decode()
    assert not RetentionPeriod.objects.exists()


def test_a_period_is_kept_with_its_reason_and_the_history_keeps_the_one_before(client, office, partnership):
    client.force_login(office)
    address = "/data-protection/retention/ashford-vale/imports/change/"
    for months in ("24", ""):
        assert client.post(address, {"months": months, "because": "Our schedule"}).status_code == 302
    history = event_models()[RetentionPeriod].objects.order_by("pgh_id").values_list("months", "set_by")
    assert list(history) == [(24, office.pk), (None, office.pk)]


def test_how_many_cases_are_over_only_their_group_is_told(client, office, administrator, partnership):
    CaseFactory(partnership=partnership, closed_on=date(1940, 1, 1), closed_because="No further action")
    for user in (office, administrator):
        client.force_login(user)
        page = client.get("/data-protection/retention/ashford-vale/cases/").content.decode()
        assert "only their own group is told" in page
        assert "1 record" not in page


def test_an_administrator_sees_counts_and_no_record(client, administrator, partnership, imports):
    client.force_login(administrator)
    page = client.get("/data-protection/retention/ashford-vale/imports/").content.decode()
    assert "1 record." in page
    assert "people.xlsx" not in page


def test_another_office_finds_no_such_page(client, stranger, partnership):
    client.force_login(stranger)
    assert client.get("/data-protection/retention/ashford-vale/imports/").status_code == 404


def test_a_hold_is_placed_and_lifted_with_reasons(client, office, partnership):
    client.force_login(office)
    client.post("/data-protection/retention/ashford-vale/everything/hold/", {"because": "A claim"})
    hold = LegalHold.objects.get()
    assert (hold.partnership, hold.kind, hold.because) == (partnership, "", "A claim")
    assert "A claim" in client.get("/data-protection/retention/").content.decode()
    client.post(f"/data-protection/retention/holds/{hold.pk}/lift/", {"because": "It is settled"})
    assert LegalHold.objects.filter(lifted_at=None).count() == 0


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_as_much_however_much_is_over(client, office, partnership, count, django_assert_max_num_queries):
    for number in range(count):
        an_import(partnership, office, on=date(2025, 3, 1 + number))
    client.force_login(office)
    with django_assert_max_num_queries(75):
        assert client.get("/data-protection/retention/").status_code == 200
