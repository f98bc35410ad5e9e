"""Exit packs: what leaves with a partnership, who may have it, and what is refused on its way in."""

import io
import json
import zipfile
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from django.utils.text import slugify

from assurance.models import AssuranceRequest, Return
from partnership.exit_pack import reading
from partnership.exit_pack.deciding import decisions, tables, undecided
from partnership.exit_pack.declaring import Left
from partnership.exit_pack.importing import Taking, import_pack
from partnership.exit_pack.making import clear_old, contents, request_pack, run_pack, write_pack
from partnership.exit_pack.reading import Arrived, BadPack
from partnership.exit_pack.writing import file_name
from partnership.models import AccountEvent, ExitPack, ExitPackPart, Group, Partnership, Post, PostHolding, User
from partnership.pdf import PdfProblem
from plans.models import Plan
from tests.emptying import empty_database
from tests.factories import AnnualReportFactory

ENOUGH = 10**9


def packed(partnership, by, **options):
    """The bytes of a pack."""
    made = io.BytesIO()
    write_pack(made, partnership, with_cases=options.get("with_cases", False), by=by, at=timezone.now())
    return made.getvalue()


def rows_in(content, label, folder="data"):
    """The rows of one table in a pack; [] where it has none."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        name = f"{folder}/{label}.jsonl"
        return [json.loads(line) for line in archive.read(name).splitlines()] if name in archive.namelist() else []


def keys_in(content, label):
    return {row["id"] for row in rows_in(content, label)}


def altered(content, change):
    """The pack with ``change({name: bytes})`` done to its files, and zipped again."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, each in files.items():
            archive.writestr(name, each)
    return made.getvalue()


def arrive(content, *, most=ENOUGH):
    return Arrived(io.BytesIO(content), most=most)


# What is decided


def test_somebody_has_decided_of_every_model_whether_it_leaves(monkeypatch):
    assert undecided() == []


def test_a_model_that_nobody_decided_of_is_told(monkeypatch):
    rest = {model: said for model, said in decisions().items() if model is not Plan}
    monkeypatch.setattr("partnership.exit_pack.deciding.decisions", lambda: rest)
    assert undecided() == ["plans.Plan: nobody has said whether it leaves"]


def test_nothing_that_lets_somebody_in_leaves():
    left = {model._meta.label for model, (decision, _) in decisions().items() if isinstance(decision, Left)}
    assert {"mfa.Authenticator", "account.EmailAddress", "partnership.Invitation", "plans.UpdateLink"} <= left
    assert "password" in tables()["partnership.User"].emptied


# What leaves


def test_a_plan_leaves_with_all_its_rows_and_their_history(plan, plan_version, office, partnership):
    content = packed(partnership, office)
    told = {label: len(rows_in(content, label)) for label in ("plans.Plan", "plans.Priority", "plans.PlanVersion")}
    assert told == {"plans.Plan": 1, "plans.Priority": plan.priorities.count(), "plans.PlanVersion": 1}
    assert [row["pgh_label"] for row in rows_in(content, "plans.Plan", "history")][0] == "insert"


def test_what_is_anothers_stays_and_a_joint_plan_leaves_whole(
    plan, far_partnership, rating_key, office, partnership, other_partnership
):
    theirs = Plan.objects.create(
        title="Theirs", starts_on="2027-04-01", ends_on="2028-03-31", rating_key=rating_key, audience="children"
    )
    theirs.partnerships.set([far_partnership])
    content = packed(partnership, office)
    assert keys_in(content, "plans.Plan") == {plan.pk}
    assert keys_in(content, "partnership.Partnership") == {partnership.pk, other_partnership.pk}


def test_people_leave_without_password_and_no_administrator(office, partnership, administrator):
    [row] = [row for row in rows_in(packed(partnership, office), "partnership.User") if row["id"] == office.pk]
    assert (row["password"], row["last_login"], row["is_administrator"]) == ("!", None, False)


def test_cases_stay_unless_a_member_of_their_group_asks(case, office, case_group_member, partnership):
    without, with_them = packed(partnership, office), packed(partnership, case_group_member, with_cases=True)
    assert (rows_in(without, "reviews.Case"), rows_in(without, "reviews.Case", "history")) == ([], [])
    assert keys_in(with_them, "reviews.Case") == {str(case.pk)}
    assert case.reference.encode() not in b"".join(
        zipfile.ZipFile(io.BytesIO(without)).read(name) for name in zipfile.ZipFile(io.BytesIO(without)).namelist()
    )


def test_meetings_of_the_case_review_group_stay(case_meeting, meeting, office, partnership):
    assert keys_in(packed(partnership, office), "partnership.Meeting") == {meeting.pk}


def test_what_an_organisation_has_not_submitted_stays(partnership, charity, office, today):
    request = AssuranceRequest.objects.create(title="Request", due_on="2027-03-31")
    request.partnerships.set([partnership])
    question = request.questions.create(position=1, text="How do you know?")
    returned = Return.objects.create(request=request, organisation=charity)
    returned.answers.create(question=question, text="Not said yet")
    content = packed(partnership, office)
    assert keys_in(content, "assurance.Return") == {str(returned.pk)}
    assert rows_in(content, "assurance.Answer") == []


def test_a_cell_that_a_spreadsheet_would_reckon_out_is_harmless(office, partnership, plan):
    Plan.objects.filter(pk=plan.pk).update(title="=1+1")
    with zipfile.ZipFile(io.BytesIO(packed(partnership, office))) as archive:
        assert "'=1+1" in archive.read("tables/plans.Plan.csv").decode()


def test_two_files_of_one_record_have_two_names():
    names = [file_name("Report: 2026.pdf", field) for field in ("pdf", "word", "summary", "content")]
    assert names == ["Report- 2026.pdf", "Report- 2026.docx", "Report- 2026, summary.pdf", "Report- 2026.pdf"]
    assert file_name("../../etc/passwd", "content") == "etc-passwd"


# Making it


def test_a_pack_is_made_by_the_worker_and_downloaded_as_it_was_made(client_of, office, partnership, plan):
    response = client_of(office).post("/exit-packs/", {"partnership": partnership.pk})
    pack = ExitPack.objects.get()
    assert (response.status_code, response["Location"]) == (302, pack.get_absolute_url())
    assert run_pack(pack.pk) is True
    assert run_pack(pack.pk) is False
    pack.refresh_from_db()
    answer = client_of(office).get(f"/exit-packs/{pack.pk}/file/")
    content = b"".join(answer.streaming_content)
    assert (len(content), content) == (pack.size, b"".join(contents(pack)))
    arrive(content).verify()
    kinds = (
        AccountEvent.objects.filter(user=office, kind__startswith="pack").order_by("pk").values_list("kind", flat=True)
    )
    assert list(kinds) == ["pack-asked", "pack-taken"]


def made_for(person, partnership):
    pack = request_pack(partnership, with_cases=False, by=person)
    run_pack(pack.pk)
    pack.refresh_from_db()
    return zipfile.ZipFile(io.BytesIO(b"".join(contents(pack))))


def test_plans_and_reports_as_they_stand_are_in_the_pack_as_pdf_word_and_excel(office, partnership, plan):
    """Beside what was published: a plan of which no version was ever made, and a report that is being written."""
    report = AnnualReportFactory(partnerships=[partnership])
    archive = made_for(office, partnership)
    standing = [name for name in archive.namelist() if name.startswith("documents/as-it-stands/")]
    stem = f"{slugify(plan.title)}-as-it-stands"
    assert [name.rpartition("/")[2] for name in standing] == [
        f"{stem}.pdf",
        f"{stem}.docx",
        f"{stem}.xlsx",
        f"{report.filename_stem}-as-it-stands.pdf",
        f"{report.filename_stem}-as-it-stands.docx",
    ]
    assert [archive.read(name)[:4] for name in standing] == [b"%PDF", b"PK\3\4", b"PK\3\4", b"%PDF", b"PK\3\4"]
    page = archive.read("read-me-first.html").decode()
    assert "Plans as they stand" in page
    assert all(name in page for name in standing)


def test_a_document_that_cannot_be_set_leaves_its_reason_in_the_pack(office, partnership, plan, monkeypatch):
    def refuse(html, **said):
        raise PdfProblem("The table is too wide.")

    monkeypatch.setattr("plans.documents.render_pdf", refuse)
    archive = made_for(office, partnership)
    [note] = [name for name in archive.namelist() if name.endswith(".txt")]
    assert "The table is too wide." in archive.read(note).decode()
    assert any(name.endswith("as-it-stands.docx") for name in archive.namelist())


def test_whoever_asks_for_cases_must_sit_in_their_group(client_of, office, partnership, case_group):
    hold_seat(office, case_group)
    office = User.objects.get(pk=office.pk)
    client = client_of(office)
    assert client.post("/exit-packs/", {"partnership": partnership.pk, "with_cases": "on"}).status_code == 302
    pack = ExitPack.objects.get()
    assert pack.has_cases
    PostHolding.objects.filter(post__group_memberships__group=case_group, user=office).delete()
    run_pack(pack.pk)
    pack.refresh_from_db()
    assert (pack.state, pack.parts.count()) == ("failed", 0)
    assert client_of(User.objects.get(pk=office.pk)).get(pack.get_absolute_url()).status_code == 404


def hold_seat(person, group):
    post = Post.objects.create(title="Member of the case review group")
    group.members.create(post=post)
    PostHolding.objects.create(post=post, user=person)


def test_a_pack_whose_worker_fell_is_made_anew(office, partnership):
    pack = request_pack(partnership, with_cases=False, by=office)
    ExitPackPart.objects.create(pack=pack, number=0, content=b"half of it")
    ExitPack.objects.update(state="running", lease_until=timezone.now() - timedelta(seconds=1))
    assert run_pack(pack.pk)
    pack.refresh_from_db()
    arrive(b"".join(contents(pack))).verify()


def test_after_its_days_a_pack_is_deleted_and_its_page_says_so(client_of, office, partnership):
    pack = request_pack(partnership, with_cases=False, by=office)
    run_pack(pack.pk)
    assert clear_old(at=timezone.now() + timedelta(days=6)) == 0
    assert (clear_old(at=timezone.now() + timedelta(days=8)), ExitPackPart.objects.count()) == (1, 0)
    page = client_of(office).get(pack.get_absolute_url()).content.decode()
    assert "The pack was deleted" in page
    assert client_of(office).get(f"/exit-packs/{pack.pk}/file/").status_code == 302


def test_two_presses_ask_for_one_pack(office, partnership):
    assert request_pack(partnership, with_cases=False, by=office) == request_pack(
        partnership, with_cases=False, by=office
    )


@pytest.mark.parametrize("packs", [1, 3])
def test_list_query_count(client_of, office, partnership, django_assert_max_num_queries, packs):
    for _ in range(packs):
        partnership.exit_packs.create(requested_by=office, state="done", size=1, expires_at=timezone.now())
    client = client_of(office)
    client.get("/exit-packs/")
    with django_assert_max_num_queries(12):
        client.get("/exit-packs/")


# Coming in


MADE = {}  # once for all tests of this file: it takes seconds


@pytest.fixture
def gone(request, db, today):
    """The bytes of a pack, in an installation that is empty by now but for its administrator."""
    if not MADE:
        for name in ("plan", "plan_version", "meeting", "paper"):
            request.getfixturevalue(name)
        MADE["pack"] = packed(request.getfixturevalue("partnership"), request.getfixturevalue("office"))
        empty_database()
    User.objects.create_user("somebody@example.org", "Somebody", is_administrator=True)
    return MADE["pack"]


def test_a_pack_is_taken_in_whole_and_nobody_is_mailed(gone):
    report = import_pack(arrive(gone), really=True)
    assert report.rows["plans.Plan"] == Plan.objects.count() == 1
    assert report.rows["partnership.Meeting"] == 1
    assert mail.outbox == []
    new = User.objects.exclude(is_administrator=True)
    assert set(new.values_list("is_active", "password")) == {(False, "!")}
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_without_really_nothing_is_kept(gone):
    assert import_pack(arrive(gone), really=False).rows["plans.Plan"] == 1
    assert (Plan.objects.count(), Partnership.objects.count()) == (0, 0)


def test_a_partnership_that_is_here_already_is_refused(plan, office, partnership):
    with pytest.raises(BadPack, match="is here already"):
        import_pack(arrive(packed(partnership, office)), really=True)


def test_keys_that_are_taken_are_given_anew_and_words_that_name_them_follow(gone):
    theirs = Partnership.objects.create(name="Somebody else", short_name="SE", slug="somebody-else")
    [group] = [row for row in rows_in(gone, "partnership.Group") if row["name"].startswith("Learning")]
    Group.objects.create(pk=group["id"], name="Another group", kind=Group.Kind.BOARD).partnerships.set([theirs])
    report = import_pack(arrive(gone), really=True)
    assert report.renumbered["partnership.Group"] == 1
    meeting = rows_in(gone, "partnership.Meeting")[0]
    key = report.keys["partnership.Meeting"][meeting["id"]]
    assert Group.objects.get(meetings=key).name == group["name"]
    assert Group.objects.get(pk=group["id"]).name == "Another group"


@pytest.mark.parametrize(
    ("there", "here"),
    [
        ("update:17", "update:170"),
        ("update:17:voice", "update:170:voice"),
        ("highlight:3-5", "highlight:30-50"),
        ("update:18", "elsewhere-update:18"),
        ("letter:17", "letter:17"),
        ("", ""),
    ],
)
def test_words_that_name_a_row_name_it_by_the_key_that_it_has_here(there, here):
    taking = Taking(SimpleNamespace(manifest={"tables": {}}))
    taking.keys.of = {"plans.Update": {17: 170}, "partnership.Group": {3: 30}, "plans.UpdateRound": {5: 50}}
    kinds = {"update": "plans.Update", "highlight": "partnership.Group plans.UpdateRound"}
    assert taking._pointed(there, kinds) == here


def test_a_pack_makes_nobody_an_administrator(gone):
    def change(files):
        name = "data/partnership.User.jsonl"
        files[name] = files[name].replace(b'"is_administrator": false', b'"is_administrator": true')

    import_pack(arrive(said_again(altered(gone, change))), really=True)
    assert User.objects.filter(is_administrator=True).count() == 1


def test_an_account_that_never_proved_its_address_gets_no_posts(gone):
    taken = next(row["email"] for row in rows_in(gone, "partnership.User"))
    User.objects.create_user(taken, "Somebody")
    with pytest.raises(BadPack, match="nobody has signed in to"):
        import_pack(arrive(gone), really=True)
    assert Partnership.objects.count() == 0


def test_a_person_of_the_same_proved_address_is_the_same_person(gone):
    taken = next(row["email"] for row in rows_in(gone, "partnership.User"))
    there = User.objects.create_user(taken.upper(), "Somebody", last_login=timezone.now())
    report = import_pack(arrive(gone), really=True)
    assert report.here["partnership.User"] == [taken]
    assert User.objects.get(pk=there.pk).is_active
    assert User.objects.filter(email__iexact=taken).count() == 1


# What is refused


def said_again(content):
    """The pack with the digests that its files have now: what somebody would do who alters it knowingly."""
    from_files = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            each = archive.read(name)
            from_files[name] = {"size": len(each), "sha256": reading.hashlib.sha256(each).hexdigest()}

    def change(files):
        manifest = json.loads(files["manifest.json"])
        manifest["files"] = {name: said for name, said in from_files.items() if name != "manifest.json"}
        files["manifest.json"] = json.dumps(manifest).encode()

    return altered(content, change)


def with_manifest(**changes):
    def change(files):
        files["manifest.json"] = json.dumps(json.loads(files["manifest.json"]) | changes).encode()

    return change


def one_byte(files):
    name = "data/plans.Plan.jsonl"
    files[name] = files[name].replace(b"Business", b"business", 1)


REFUSED = {
    "one byte is another": (one_byte, "is not what was packed"),
    "a file is missing": (lambda files: files.pop("tables/plans.Plan.csv"), "in the list and not in the archive"),
    "a file is too many": (lambda files: files.update({"data/extra.jsonl": b""}), "in the list and not"),
    "a path leads out": (lambda files: files.update({"documents/../../etc/passwd": b"x"}), "does not belong"),
    "a path begins at the root": (lambda files: files.update({"/etc/passwd": b"x"}), "does not belong"),
    "no manifest": (lambda files: files.pop("manifest.json"), "it is not an exit pack"),
    "a manifest that is none": (lambda files: files.update({"manifest.json": b"[1"}), "cannot be read"),
    "another format": (with_manifest(format=99), "this product reads format"),
    "another version": (with_manifest(schema={"plans": "0000_before"}), "another version than this installation"),
    "a table that stays": (with_manifest(tables={"mfa.Authenticator": {"rows": 1}}), "does not leave"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_pack_that_was_altered_is_refused_in_words(gone, what):
    change, words = REFUSED[what]
    with pytest.raises(BadPack, match=words):
        import_pack(arrive(altered(gone, change)), really=True)
    assert Partnership.objects.count() == 0


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_half_a_pack_is_refused(gone, share):
    with pytest.raises(BadPack, match="cut off"):
        arrive(gone[: int(len(gone) * share)])


def test_a_file_that_swells_is_refused_before_it_is_read(gone):
    bomb = altered(gone, lambda files: files.update({"documents/swells": b"0" * 30_000_000}))
    with pytest.raises(BadPack, match="no more than"):
        arrive(bomb, most=20_000_000)


def test_a_row_that_names_what_is_not_there_is_refused(gone):
    def change(files):
        files["data/plans.Priority.jsonl"] = files["data/plans.Priority.jsonl"].replace(b'"plan_id": ', b'"plan_id": 9')

    with pytest.raises(BadPack, match="names a row of plans.Plan that is not in the pack"):
        import_pack(arrive(said_again(altered(gone, change))), really=True)


def test_what_the_database_refuses_is_told_and_nothing_is_kept(gone):
    def change(files):
        name = "data/partnership.Group.jsonl"
        files[name] = files[name].replace(b'"name": ', b'"named": ')

    with pytest.raises(BadPack, match="The database refused it"):
        import_pack(arrive(said_again(altered(gone, change))), really=True)
    assert Partnership.objects.count() == 0


def test_the_commands_say_what_they_did_and_who_may_not(tmp_path, office, partner, partnership, plan):
    file = str(tmp_path / "pack.zip")
    with pytest.raises(CommandError, match="Only its business office"):
        call_command("export_pack", partnership.slug, file, by=partner.email)
    told = io.StringIO()
    call_command("export_pack", partnership.slug, file, by=office.email, stdout=told)
    assert "Not in it:" in told.getvalue()
    with pytest.raises(CommandError, match="File exists"):
        call_command("export_pack", partnership.slug, file, by=office.email)
    empty_database()
    call_command("import_pack", file, stdout=told)
    assert "Nothing was kept. Type it again with --really." in told.getvalue()
    with pytest.raises(CommandError, match="SHA-256 is not the one"):
        call_command("import_pack", file, sha256="0" * 64)
