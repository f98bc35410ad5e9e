"""T6: a worker is killed in the middle of a survey's mails to schools; another goes on. Real processes, real SMTP.

What is noted is never sent again. Of the batch in hand whatever had left goes a second time, under the same Message-ID:
twenty at most, as ``partnership.mail_queue`` says.
"""

from collections import Counter
from datetime import UTC, date, datetime

import pytest
from django.db.models import F

from assurance.models import SchoolMail
from assurance.schools.surveys import send_survey
from partnership.mail_queue import BATCH, LEASE
from tests.factories_assurance import SchoolFactory, SchoolQuestionFactory, SchoolSurveyFactory
from tests.faults.conftest import wait_for

TASK = "assurance.tasks.send_school_mails"
IN_HAND = 5  # mails of the second batch that had left

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def survey(transactional_db, partnership, office):
    survey = SchoolSurveyFactory(partnership=partnership, sent_on=None)
    SchoolQuestionFactory(survey=survey, position=1)
    for _each in range(2 * BATCH + BATCH // 2):
        SchoolFactory(area=partnership.areas.get())
    send_survey(survey, by=office, at=datetime(2027, 1, 12, 9, 0, tzinfo=UTC), on=date(2027, 1, 12))
    return survey


def test_each_school_is_mailed_and_only_what_was_in_hand_twice(survey, workers, sink):
    worker = workers.start(stop_at=f"taken {BATCH + IN_HAND}")
    workers.give(TASK)
    workers.wait_until_it_stands_still()
    workers.kill(worker)
    noted = SchoolMail.objects.exclude(sent_at=None)
    assert (noted.count(), len(sink.taken)) == (BATCH, BATCH + IN_HAND)
    SchoolMail.objects.exclude(claimed_at=None).update(claimed_at=F("claimed_at") - 2 * LEASE)
    workers.start()
    workers.give(TASK)
    wait_for(lambda: not SchoolMail.objects.filter(sent_at=None).exists(), f"all left. {workers.last_words()}")
    workers.finish(TASK)
    mails = Counter(sink.taken)
    twice = sum(mails.values()) - len(mails)
    print(f"{len(mails)} schools, {twice} mailed twice under one Message-ID; {BATCH} at most.")
    assert (len(mails), twice) == (2 * BATCH + BATCH // 2, IN_HAND)
    assert set(mails.values()) == {1, 2}
