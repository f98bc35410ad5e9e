"""Everything due: what somebody may know of, late first, narrowed, sorted and taken away."""

import csv
from datetime import date, timedelta
from io import BytesIO, StringIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from tests.factories import MeetingActionFactory, MeetingFactory

LIST = reverse("partnership:deadline-list")


@pytest.fixture
def ask(client_of):
    """``ask(user, **query)``: the list as that person gets it."""

    def ask(user, **query):
        answer = client_of(user).get(LIST, query)
        assert answer.status_code == 200
        return answer

    return ask


def rows(answer):
    """[(title, due, late, whose)] of the page."""
    found = [row.record for row in answer.context["table"].paginated_rows]
    return [(row.title, row.due_on, row.late, row.whose) for row in found]


def titles(answer):
    return [row[0] for row in rows(answer)]


TRIAL = "1.1 Try it in two maternity units."
CAMPAIGN = "1.2 Run the winter campaign."


@pytest.fixture
def due(plan, meeting, agenda_item, meeting_action):
    """Two milestones late and one to come, an action, a paper and a meeting."""


def test_what_is_late_comes_first_and_says_whose_it_is(ask, office, due, meeting, today):
    found = rows(ask(office))
    assert [row[1] for row in found] == sorted(row[1] for row in found)
    assert found[0] == (TRIAL, date(2026, 11, 30), "43 days late", "Head of Midwifery")
    assert {row[3] for row in found if row[0] == f"Meeting of {meeting.group}"} == {meeting.group.name}
    page = ask(office).content.decode()
    assert '30 November 2026<br><span class="late-text">43 days late</span>' in page


def test_mine_is_mine_and_everything_is_more(ask, lead, due):
    mine, everything = titles(ask(lead, whose="mine")), titles(ask(lead))
    assert mine == [TRIAL, "LD-1 Write to every school", "Safer sleep: what fathers say"]
    assert set(mine) < set(everything)


def test_a_group_and_a_partnership_have_their_own(ask, office, due, learning_group, other_partnership, partnership):
    owed = ask(office, whose=f"group-{learning_group.pk}")
    assert {row[3] for row in rows(owed)} <= {learning_group.name, "Chair, Learning and Development Subgroup"}
    assert rows(owed)
    alone = MeetingFactory(meets_on=date(2027, 5, 4))
    alone.group.partnerships.set([partnership])
    of_both = titles(ask(office, whose=f"partnership-{partnership.pk}", kind="meeting"))
    of_other = titles(ask(office, whose=f"partnership-{other_partnership.pk}", kind="meeting"))
    assert set(of_both) - set(of_other) == {f"Meeting of {alone.group}"}


def test_it_is_narrowed_by_kind_time_days_and_words(ask, office, due):
    everything = rows(ask(office))
    late = [row for row in everything if row[2]]
    assert rows(ask(office, when="late")) == late
    assert rows(ask(office, when="to-come")) == [row for row in everything if not row[2]]
    assert titles(ask(office, kind="paper")) == ["Safer sleep: what fathers say"]
    assert titles(ask(office, words="fathers SLEEP")) == ["Safer sleep: what fathers say"]
    assert titles(ask(office, words="midwifery maternity")) == [TRIAL]
    first, last = date(2027, 2, 26), date(2027, 3, 2)
    of_days = [row for row in everything if first <= row[1] <= last]
    assert rows(ask(office, first="2027-02-26", last="2027-03-02")) == of_days
    assert len(of_days) > 1


def test_what_a_link_asks_in_vain_is_said_and_left_out(ask, office, due):
    answer = ask(office, whose="group-999", first="31/31/2027", sort="nonsense", page="-3")
    assert rows(answer) == rows(ask(office))
    assert "was left out: Whose and From" in answer.content.decode()


def test_it_is_sorted_by_any_column(ask, office, due):
    found = ask(office, sort="title")
    assert titles(found) == sorted(titles(found))
    found = ask(office, sort="-due_on")
    assert [row[1] for row in rows(found)] == sorted((row[1] for row in rows(found)), reverse=True)
    for column in ("whose", "kind", "partnerships", "why"):
        assert len(rows(ask(office, sort=column))) == len(rows(found))


def test_a_page_has_fifty_and_the_next_the_rest(ask, office, learning_group):
    for number in range(60):
        MeetingActionFactory(group=learning_group, ref=f"LD-{number}", due_on=date(2027, 2, 1) + timedelta(number))
    pages = [ask(office, kind="action", page=page) for page in (1, 2)]
    assert [len(rows(page)) for page in pages] == [50, 10]


def test_a_spreadsheet_gets_every_row_with_real_dates(ask, office, due):
    MeetingActionFactory(text="=1+1", ref="", due_on=date(2027, 2, 1))
    heading, *lines = csv.reader(StringIO(ask(office, export="csv").content.decode("utf-8-sig")))
    assert heading == ["What", "Due", "Whose", "Kind", "Of", "Why that day", "Late"]
    assert [line[0] for line in lines] == titles(ask(office))
    assert lines[0][1:4] == ["2026-11-30", "Head of Midwifery", "Milestone"]
    assert lines[0][6] == "43 days late"
    sheet = load_workbook(BytesIO(ask(office, export="xlsx").content)).active
    assert sheet["B2"].value.date() == date(2026, 11, 30)
    assert sheet.max_row == len(lines) + 1


def test_a_restricted_date_is_there_for_its_group_alone(ask, office, case_group_member, lead, case, dispute, meeting):
    assert case.reference in ask(case_group_member).content.decode()
    for person in (office, lead):
        assert case.reference not in ask(person).content.decode()
    answer = ask(case_group_member, kind="rapid-review")
    assert "15 working days" in answer.content.decode(), "why it is due on its day"


def test_an_answer_in_a_dispute_is_known_to_who_owes_it(ask, office, lead, dispute):
    """Negative control: the office is involved too, and finds it on the dispute's own page alone."""
    name = dispute.stages.get().name
    assert name in titles(ask(lead))
    assert name in titles(ask(lead, whose="mine"))
    assert name not in titles(ask(office))


def test_a_leaver_finds_nothing_and_a_stranger_what_is_theirs(ask, stranger, leaver, due):
    assert "Nothing is due" in ask(leaver).content.decode()
    assert {row[3] for row in rows(ask(stranger))} == {str(stranger.holdings.get().post)}


@pytest.mark.parametrize("count", [1, 3, 60])
def test_query_count(client_of, office, learning_group, lead, count, django_assert_num_queries):
    post = lead.holdings.get().post
    for number in range(count):
        MeetingActionFactory(group=learning_group, ref=f"LD-{number}", lead_post=post)
    client = client_of(office)
    client.get(LIST)
    with django_assert_num_queries(QUERIES):
        client.get(LIST)


# session, user, savepoint (2), standing; groups, partnerships; mine and everybody's; posts of owners; partnerships
QUERIES = 11
