"""People from a spreadsheet: all of it or nothing, once, and every wrong cell named."""

import io
import tracemalloc
import zipfile
from datetime import date, datetime, time, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from partnership import sheets, workbook_reading
from partnership.confined import Limits
from partnership.models import (
    Document,
    GroupMember,
    Membership,
    Organisation,
    PeopleImport,
    Post,
    PostHolding,
    User,
)
from partnership.people_importing import CannotImport, Draft, confirm_people
from partnership.people_sheet import read_people
from partnership.sheets import day_of, find_table, fold, plain
from partnership.uploads import UnreadableFile
from tests.at_once import at_once
from tests.factories import GroupFactory, OrganisationFactory, PostFactory, PostHoldingFactory, UserFactory

UPLOAD = reverse("partnership:people-import-upload")
HEADINGS = [
    "Organisation",
    "Kind of organisation",
    "Membership",
    "Post",
    "Name",
    "E-mail",
    "Group",
    "Role in group",
    "From",
]
MADE = [Organisation, Membership, Post, User, PostHolding, GroupMember]


def row(post="Head of Nursing", **cells):
    """A row in the order of HEADINGS, of a new charity unless it says otherwise."""
    given = {"organisation": "Harbour Trust", "post": post, **cells}
    names = ["organisation", "kind", "membership", "post", "name", "email", "group", "role", "from_on"]
    return [given.get(name, "") for name in names]


def workbook(*rows, headings=HEADINGS, change=lambda sheet: None, before=0):
    book = Workbook()
    for _ in range(before):
        book.active.append(["Notes"])
        book.create_sheet()
    sheet = book.worksheets[-1]
    sheet.append(headings)
    for each in rows:
        sheet.append(each)
    change(sheet)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


@pytest.fixture
def bring(client_of, office, partnership):
    """``bring(content)``: upload as the office; gives the client and the answer."""

    def bring(content, name="people.xlsx"):
        client = client_of(office)
        file = SimpleUploadedFile(name, content)
        return client, client.post(UPLOAD, {"document": file, "partnership": partnership.pk})

    return bring


@pytest.fixture
def preview(bring):
    """``preview(*rows)``: the page of what was understood."""

    def preview(*rows, **more):
        client, answer = bring(workbook(*rows, **more))
        return client.get(answer.url)

    return preview


def problems(page):
    return [(problem["at"], problem["says"]) for problem in page.context["draft"].problems]


def notes(page):
    return [(note["at"], note["says"]) for note in page.context["draft"].notes]


def how_many():
    return [model.objects.count() for model in MADE]


def yes(client, answer):
    return client.post(f"{answer.url}confirm/", follow=True)


ANN = {"name": "Ann Leary", "email": "ann.leary@example.org"}


# All of it


def test_a_list_becomes_organisations_posts_people_and_seats_at_the_yes(bring, executive, partnership):
    client, answer = bring(
        workbook(
            row(
                kind="Charity", membership="virtual", group="Executive", role="deputy", **ANN, from_on=date(2025, 4, 1)
            ),
            row("Trustee"),
            row(
                "Independent chair",
                organisation="",
                group="executive",
                role="Chair",
                name="Bo Ito",
                email="bo@example.org",
            ),
        )
    )
    before = how_many()
    counts = client.get(answer.url).context["counts"]
    assert counts == {"organisations": 1, "posts": 3, "people": 2, "holders": 2, "seats": 2, "nothing": 0}
    assert how_many() == before

    page = yes(client, answer)
    assert "Everything was brought" in page.content.decode()
    trust = Organisation.objects.get(name="Harbour Trust")
    assert (trust.kind, trust.memberships.get().role, trust.memberships.get().partnership) == (
        "voluntary",
        "virtual",
        partnership,
    )
    made = [
        (str(seat.post), seat.role, seat.has_equal_authority, seat.from_on, str(seat.post.holdings.get().user))
        for seat in executive.members.order_by("pk")
    ]
    assert made == [
        ("Head of Nursing, Harbour Trust", "deputy", True, date(2025, 4, 1), "Ann Leary"),
        ("Independent chair", "chair", False, None, "Bo Ito"),
    ]
    assert [str(post) for post in Post.objects.vacant(on=date(2027, 1, 12))] == ["Trustee, Harbour Trust"]
    assert not User.objects.get(name="Ann Leary").has_usable_password()


def test_a_second_yes_makes_nothing_again(bring, office):
    client, answer = bring(workbook(row(**ANN)))
    yes(client, answer)
    after = how_many()
    page = yes(client, answer)
    staged = PeopleImport.objects.get()
    assert (how_many(), confirm_people(staged, by=office, at=staged.confirmed_at)) == (after, page.context["made"])


def test_what_is_there_already_is_left_as_it_is(bring, preview, lead, health_board, partnership, learning_group):
    post = lead.holdings.get().post
    same = row(
        "head of midwifery", organisation="VALE & MILL Integrated Care Board", name=lead.name, email=lead.email.upper()
    )
    page = preview(same)
    assert (page.context["counts"]["nothing"], problems(page)) == (1, [])
    client, answer = bring(workbook([*same[:6], "Learning and Development Subgroup", "", ""]))
    before = how_many()
    yes(client, answer)
    assert how_many() == [*before[:-1], before[-1] + 1]
    assert [seat.post for seat in learning_group.members.all()] == [post]


def test_an_address_of_another_partnership_is_used_and_looks_like_a_new_person(preview, bring, stranger):
    given = {"name": "Typed Otherwise", "email": stranger.email}
    page = preview(row(**given))
    assert (page.context["counts"]["people"], notes(page), b"Farrow" in page.content) == (1, [], False)
    client, answer = bring(workbook(row(**given)))
    yes(client, answer)
    stranger.refresh_from_db()
    assert (stranger.name, stranger.holdings.count(), User.objects.filter(email__iexact=stranger.email).count()) == (
        "Edwin Farrow",
        2,
        1,
    )


def test_nothing_is_half_written(bring, monkeypatch):
    client, answer = bring(workbook(row(**ANN)))
    before = how_many()

    def broken(*_args, **_kwargs):
        raise CannotImport("Broken at the last step")

    monkeypatch.setattr(GroupMember.objects.__class__, "bulk_create", broken)
    monkeypatch.setattr(PostHolding.objects.__class__, "bulk_create", broken)
    page = yes(client, answer)
    assert "Broken at the last step" in page.content.decode()
    assert (how_many(), PeopleImport.objects.get().confirmed_at) == (before, None)


def test_what_has_changed_since_the_upload_is_seen_at_the_yes(bring, health_board):
    client, answer = bring(workbook(row(organisation=str(health_board), **ANN)))
    assert problems(client.get(answer.url)) == []
    taken = PostHoldingFactory(post=PostFactory(title="Head of Nursing", organisation=health_board))
    page = yes(client, answer)
    assert "There is something to mend first" in page.content.decode()
    assert [str(problem["says"]) for problem in page.context["draft"].problems] == [
        f"{taken.user} holds this post. Say on the post’s page who comes next, or mend the row"
    ]
    assert not User.objects.filter(email=ANN["email"]).exists()


def test_a_stranger_learns_nothing_of_an_import(bring, client_of, stranger, chair):
    _client, answer = bring(workbook(row(**ANN)))
    before = how_many()
    for person in (stranger, chair):
        client = client_of(person)
        assert [client.get(answer.url).status_code, client.post(f"{answer.url}confirm/").status_code] == [404, 404]
    assert how_many() == before


def test_no_more_than_ones_own_partnership_can_be_chosen(client_of, stranger, partnership):
    file = SimpleUploadedFile("people.xlsx", workbook(row(**ANN)))
    page = client_of(stranger).post(UPLOAD, {"document": file, "partnership": partnership.pk})
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["partnership"])
    assert PeopleImport.objects.count() == 0


# Every wrong cell at once


def test_every_wrong_cell_is_named_at_once_and_nothing_can_be_made(bring, executive):
    client, answer = bring(
        workbook(
            row(kind="charrity", membership="Virtual membr", group="Exectuive", **ANN),
            row("Nurse", name="No Address"),
            row("Doctor", email="unknown@example.org"),
            row("Third", name="Bad", email="bad@"),
            row("Fourth", role="Chair"),
            row("Fifth", from_on="31/02/2025"),
            row("Sixth", from_on=45748),
            row("", name="No Post", email="np@example.org"),
            row("Seventh", organisation=""),
            row("=CONCAT(A1,A2)"),
            row("x" * 161),
            row("Eighth", group="Executive", role="xyz", name="Cy Odo", email="cy@еxample.org"),
        )
    )
    page = client.get(answer.url)
    assert problems(page) == [
        ("B2", "We know no kind of organisation “charrity”. Did you mean “Voluntary organisation”?"),
        ("C2", "We know no membership “Virtual membr”. Did you mean “Virtual member”?"),
        (
            "G2",
            "We know no open group “Exectuive” in Ashford Vale Safeguarding Children Partnership. "
            "Did you mean “Executive”?",
        ),
        ("F3", "Enter the e-mail address of No Address, or take the name out: then the post is vacant"),
        ("E4", "Enter the name: this address is not on your list of people"),
        ("F5", "“bad@” is not an e-mail address. Write it like name@example.org"),
        ("H6", "Enter the group in which this is the role"),
        ("I7", "We can’t read “31/02/2025” as a day. Write it like 1 April 2025"),
        ("I8", "We can’t read “45748” as a day. Write it like 1 April 2025"),
        ("D9", "Enter the post in this row, or delete the row"),
        ("D10", "Enter the organisation of this post, or the group in which it sits"),
        ("D11", "This holds a formula. Paste its value over it"),
        ("D12", "This is too long: use 160 characters or fewer"),
        (
            "H13",
            "We know no role in a group “xyz”. The words we know are: "
            "Chair, Vice chair, Member, Deputy with equal authority, Observer, Advisor",
        ),
    ]
    before = how_many()
    assert "Yes, make all of this" not in page.content.decode()
    assert "There is something to mend first" in yes(client, answer).content.decode()
    assert how_many() == before


def test_merged_cells_and_hidden_rows_are_named(preview):
    def change(sheet):
        sheet.merge_cells("A2:A4")
        sheet.merge_cells("K1:L1")
        for number in (4, 5):
            sheet.row_dimensions[number].hidden = True

    page = preview(*[row(f"Post {n}") for n in range(5)], change=change)
    assert problems(page) == [
        ("A2", "Cells are merged here: unmerge A2:A4, and write in each row what belongs to it"),
        (
            "A4",
            "Rows 4 to 5 are hidden, perhaps by a filter. Show it or delete it, so that you see all that you bring",
        ),
    ]


def test_one_address_has_one_name_and_a_name_with_two_addresses_wants_a_look(preview):
    page = preview(
        row("One", name="Siobhan Kerr", email="s.kerr@example.org"),
        row("Two", name="Siobhán Kerr", email="s.kerr@example.org"),
        row("Three", name="Siobhan Kerr", email="siobhan@example.org"),
    )
    assert problems(page) == [("E3", "E2 says “Siobhan Kerr” for this address. Write the name in one way")]
    assert notes(page) == [("F4", "siobhan@example.org and F2 are two addresses of one name. Are they two people?")]


def test_a_post_has_one_holder_unless_it_is_shared(preview, health_board, lead):
    second = row("Head of Midwifery", organisation=str(health_board), **ANN)
    two = [row("One", **ANN), row("One", name="Bo Ito", email="bo@example.org")]
    page = preview(*two, second)
    assert problems(page) == [
        ("F3", "ann.leary@example.org holds this post in another row. One person can hold it at a time"),
        (
            "E4",
            "Delia Marchetti holds this post from 1 April 2025. Say on the post’s page who comes next, or mend the row",
        ),
    ]
    Post.objects.update(is_shared=True)
    assert problems(preview(second)) == []


def test_the_same_row_twice_counts_once(preview, executive):
    twice = row(group="Executive", **ANN)
    page = preview(twice, twice, row(group="Executive", role="Chair", **ANN))
    assert page.context["counts"] == {
        "organisations": 1,
        "posts": 1,
        "people": 1,
        "holders": 1,
        "seats": 1,
        "nothing": 2,
    }
    assert notes(page) == [("D3", "This says the same as row 2, and counts once")]
    assert problems(page) == [("H4", "Row 2 gives this post another role in the same group")]


def test_one_organisation_is_one_thing_in_the_whole_file(preview, health_board):
    page = preview(
        row("One", kind="Charity"),
        row("Two", kind="Police", membership="Observer"),
        row("Three", organisation=str(health_board), kind="Police"),
        row("Four", organisation="Vale and Mill Integrated Care Bord"),
        row("Five", organisation="Harbor Trust"),
    )
    assert problems(page) == [("B3", "B2 says otherwise of the same organisation")]
    assert notes(page) == [
        ("B4", "This is known otherwise, and stays as it is: change it on the organisation’s page"),
        (
            "A5",
            "This would be a new organisation. Did you mean “Vale and Mill Integrated Care Board”?",
        ),
        ("A6", "This would be a new organisation. Did you mean “Harbour Trust”?"),
    ]


def test_an_organisation_of_another_partnership_is_not_taken_in_by_a_file(preview, far_partnership):
    OrganisationFactory(name="Farholme Council")
    page = preview(row(organisation="Farholme council"))
    assert [at for at, _says in problems(page)] == ["A2"]
    assert "Ask an administrator to add it as a member" in problems(page)[0][1]


def test_a_post_with_a_part_elsewhere_is_not_given_away_by_a_file(preview, hospital, far_partnership):
    post = PostFactory(
        title="Named doctor", organisation=hospital, duty=Post.Duty.OFFICE, partnerships=[far_partnership]
    )
    page = preview(row(post.title, organisation=str(hospital), **ANN))
    assert problems(page) == [
        ("D2", "This post has a part in another partnership too: an administrator says who holds it")
    ]


def test_who_takes_a_post_after_others_begins_today_or_when_they_left(bring, preview, health_board, today):
    post = PostFactory(title="Head of Nursing", organisation=health_board)
    PostHoldingFactory(post=post, user=UserFactory(name="Held Before"), to_on=date(2026, 12, 31))
    given = {"organisation": str(health_board), **ANN}
    assert problems(preview(row(**given, from_on="1 December 2026"))) == [
        (
            "E2",
            "Held Before holds this post to 31 December 2026. Say on the post’s page who comes next, or mend the row",
        )
    ]
    client, answer = bring(workbook(row(**given)))
    yes(client, answer)
    assert post.holdings.get(to_on=None).from_on == today


# Files as offices have them


@pytest.mark.parametrize(
    ("headings", "columns"),
    [
        (
            ["Agency", "Job title", "Full name", "E-MAIL ADDRESS"],
            {"organisation": "A", "post": "B", "name": "C", "email": "D"},
        ),
        (["Name", "Role", "Email", "Board"], {"name": "A", "post": "B", "email": "C", "group": "D"}),
        (["Post", "Forename", "Surname", "e-mail:"], {"post": "A", "name": "C", "email": "D"}),
    ],
)
def test_headings_are_read_forgivingly(headings, columns):
    read = read_people(workbook(["a", "b", "c@example.org", "c@example.org"], headings=headings), ".xlsx")
    assert read["columns"] == columns


def test_the_first_sheet_with_our_headings_is_read_wherever_they_stand(bring):
    content = workbook(row(**ANN), before=1, change=lambda sheet: sheet.insert_rows(1, 3))
    client, answer = bring(content)
    draft = client.get(answer.url).context["draft"]
    assert [each.number for each in draft.rows] == [5]


def test_invisible_signs_and_letters_that_only_look_alike_are_mended():
    assert plain("\u00a0Ann\u200b  Le\u00adary ") == "Ann Leary"
    assert plain("Неad оf Nursing") == "Head of Nursing"
    assert fold("Children’s  & Families’ Board") == fold("childrens and families board")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1 April 2025", date(2025, 4, 1)),
        ("1st Apr 2025", date(2025, 4, 1)),
        ("Tuesday, 1 April 2025", date(2025, 4, 1)),
        ("01/04/2025", date(2025, 4, 1)),
        ("1.4.25", date(2025, 4, 1)),
        ("2025-04-01 00:00:00", date(2025, 4, 1)),
        ("04/13/2025", None),
        ("April 2025", None),
        ("soon", None),
    ],
)
def test_days_are_read_as_people_write_them(text, day):
    assert day_of(text) == day


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_of_any_excel_is_read(encoding, delimiter):
    lines = [delimiter.join(line) for line in (["Post", "Name", "E-mail"], ["Head", "Zoë Lee", "z@example.org"])]
    [read] = read_people("\r\n".join(lines).encode(encoding), ".csv")["rows"]
    assert (read["post"], read["name"], read["email"]) == ("Head", "Zoë Lee", "z@example.org")


def test_a_formula_in_a_csv_is_no_value():
    read = read_people(b"Post,Name,E-mail\n=cmd|'/c calc'!A0,Ann,a@example.org\n", ".csv")
    assert read["problems"] == [{"at": "A2", "says": "This holds a formula. Paste its value over it"}]


def archive(**parts):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        for name, words in parts.items():
            package.writestr(name, words)
    return content.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("people.xlsx", b"", "The submitted file is empty."),
        ("people.xlsx", b"%PDF-1.7", "This file is a PDF."),
        ("people.docx", b"PK\x03\x04", "This is not an Excel workbook (.xlsx) or a CSV file."),
        ("people.xlsx", b"PK\x03\x04 cut off", "This file is damaged or not complete."),
        ("people.xlsm", b"PK\x03\x04", "This file can hold macros, which we don't open."),
        ("people.csv", b"Post,Name,E-mail\n", "There are headings in this file but no rows under them."),
        ("people.csv", b"nothing of ours\n1\n", "We found no row with the headings Post, Name and E-mail."),
        ("people.csv", b"Post,Name\nHead,Ann\n", "This file has no column headed E-mail."),
        ("people.csv", b'Post,Name,E-mail\n"' + b"x" * 140_000, "A quotation mark in this file is not closed."),
        ("people.xlsx", archive(**{"xl/workbook.xml": "<workbook/>"}), "This file is damaged."),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(bring, name, content, says):
    before = Document.objects.count()
    _client, page = bring(content, name)
    [error] = page.context["form"].errors["document"]
    assert page.status_code == 422
    assert error.startswith(says) or (not content and "empty" in error)
    assert (PeopleImport.objects.count(), Document.objects.count()) == (0, before)


def test_ten_thousand_rows_are_refused_in_a_sentence():
    many = workbook(*[row(f"Post {n}") for n in range(10_000)])
    with pytest.raises(UnreadableFile, match="^This sheet has more than 5,000 rows. Split it into files"):
        read_people(many, ".xlsx")
    with pytest.raises(UnreadableFile, match="^This sheet has more than 5,000 rows."):
        read_people(b"Post,Name,E-mail\n" + b"Head,,\n" * 10_000, ".csv")


@pytest.mark.parametrize(("place", "rows"), [("XFD1048576", 1), ("A1048576", 2)])
def test_a_cell_at_the_end_of_the_sheet_takes_no_room(place, rows):
    """Nothing is made of the million rows before it."""

    def change(sheet):
        sheet[place] = "far away"

    content = workbook(row(**ANN), change=change)
    tracemalloc.start()
    read = read_people(content, ".xlsx")
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (len(read["rows"]), most < 5_000_000) == (rows, True)


def test_a_workbook_of_something_else_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(workbook_reading, "MOST_BYTES_OF_A_PART", 2_000)
    with pytest.raises(UnreadableFile, match="^This workbook holds far more than a list of people"):
        workbook_reading.main({}, [workbook(*[row(f"Post {n}") for n in range(50)])])


def test_cells_come_out_of_the_other_process_as_they_stand_in_the_sheet():
    book = Workbook()
    book.active.append(
        [1, 2.5, True, "Ann", date(2027, 1, 31), datetime(2027, 1, 31, 9, 30), time(9, 30), "=1+1", 0.98]
    )
    book.active["I1"].number_format = "0%"
    file = io.BytesIO()
    book.save(file)
    table = find_table(file.getvalue(), ".xlsx", find=lambda rows: (1, {}), refuse=None)
    [(number, cells)] = table.rows
    assert (number, [cell.value for cell in cells[:9]]) == (
        1,
        [1, 2.5, True, "Ann", datetime(2027, 1, 31), datetime(2027, 1, 31, 9, 30), "09:30:00", "=1+1", 0.98],
    )
    assert [cell.is_formula for cell in cells[:9]] == [False] * 7 + [True, False]
    assert [cell.is_percent for cell in cells[:9]] == [False] * 8 + [True]


def test_a_workbook_that_takes_too_long_is_refused_and_says_what_to_do(monkeypatch):
    monkeypatch.setattr(sheets, "LIMITS", Limits(wall_seconds=0.01))
    with pytest.raises(UnreadableFile, match="^This workbook holds far more than a list of people"):
        read_people(workbook(row(**ANN)), ".xlsx")


def test_the_template_has_our_headings_and_is_read_back(client_of, office):
    answer = client_of(office).get(reverse("partnership:people-import-template"))
    content = answer.content
    book = load_workbook(io.BytesIO(content))
    assert [cell.value for cell in book["People"][1]] == HEADINGS
    book["People"].append(row(**ANN))
    filled = io.BytesIO()
    book.save(filled)
    read = read_people(filled.getvalue(), ".xlsx")
    assert (read["sheet"], len(read["rows"]), read["problems"]) == ("People", 1, [])


def test_columns_that_mean_nothing_are_named_and_two_alike_are_a_problem(preview):
    page = preview([*row(**ANN), "01632", "x"], headings=[*HEADINGS, "Telephone", "Email address"])
    assert page.context["left_out"] == ["Telephone (J1)"]
    assert problems(page) == [("K1", "This is headed like F1: we can’t tell which of the two to read. Rename one")]


# Big


def test_a_big_list_is_shown_in_pages_and_made_at_once(bring, django_assert_max_num_queries):
    count = 600
    client, answer = bring(
        workbook(*[row(f"Post {n}", name=f"Person {n}", email=f"p{n}@example.org") for n in range(count)])
    )
    page = client.get(answer.url)
    assert (len(page.context["page_obj"]), page.context["page_obj"].paginator.num_pages) == (50, 12)
    with django_assert_max_num_queries(60):
        client.post(f"{answer.url}confirm/")
    assert Post.objects.filter(organisation__name="Harbour Trust").count() == count


@pytest.mark.parametrize("count", [1, 3])
def test_preview_query_count(bring, hospital, executive, django_assert_num_queries, count):
    posts = [PostFactory(organisation=hospital) for _ in range(count)]
    client, answer = bring(
        workbook(
            *[
                row(
                    post.title,
                    organisation=str(hospital),
                    group="Executive",
                    name=f"P {post.pk}",
                    email=f"p{post.pk}@example.org",
                )
                for post in posts
            ]
        )
    )
    with django_assert_num_queries(18):
        client.get(answer.url)


def test_a_draft_is_the_same_whoever_of_the_office_looks(bring, office, today):
    _client, _answer = bring(workbook(row(**ANN)))
    staged = PeopleImport.objects.get()
    drafts = [Draft(staged, by=office, on=on) for on in (today, today + timedelta(days=1))]
    assert drafts[0].counts == drafts[1].counts


def test_a_closed_group_takes_nobody(preview, partnership):
    GroupFactory(name="Old Group", partnerships=[partnership], closed_on=date(2026, 1, 31))
    assert [at for at, _says in problems(preview(row(group="Old Group", **ANN)))] == ["G2"]


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_make_everything_once(transactional_db, bring, office):
    _client, _answer = bring(workbook(row(**ANN)))
    staged = PeopleImport.objects.get()
    came_to = at_once(*[lambda: confirm_people(staged, by=office, at=timezone.now())] * 2)
    assert came_to[0] == came_to[1]
    assert Organisation.objects.filter(name="Harbour Trust").count() == 1
    assert PostHolding.objects.filter(user__email=ANN["email"]).count() == 1
