"""Two people at one question at the same moment: nobody's words are lost without a word. PostgreSQL decides."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import connection
from django.utils import timezone

from assurance import returns
from assurance.models import Return
from assurance.returns import SavedMeanwhile, save_answer

pytestmark = pytest.mark.django_db(transaction=True)

SECONDS_APART = 1.5  # how long the first waits for the second, who must not come while it holds the row


@pytest.fixture
def both_at_once(draft_return, partner, monkeypatch):
    """``both_at_once()``: what came of two who save different words to one question, having seen the same."""
    question = draft_return.request.questions.get(position=1)
    meeting = Barrier(2)
    save = returns._save

    def wait_and_save(*args, **kwargs):
        with suppress(BrokenBarrierError):
            meeting.wait(SECONDS_APART)
        return save(*args, **kwargs)

    monkeypatch.setattr(returns, "_save", wait_and_save)

    def one(words):
        try:
            save_answer(draft_return, question, text=words, seen=0, by=partner, at=timezone.now())
        except SavedMeanwhile as meanwhile:
            return f"{words} after {meanwhile.row.text}"
        else:
            return "saved"
        finally:
            connection.close()

    def go():
        with ThreadPoolExecutor(2) as pool:
            return sorted(pool.map(one, ["Ada’s", "Greta’s"]))

    return go


def test_one_is_saved_and_the_other_is_shown_it(both_at_once, draft_return):
    said = both_at_once()
    stands = draft_return.answers.get().text
    other = {"Ada’s": "Greta’s", "Greta’s": "Ada’s"}[stands]
    assert said == sorted(["saved", f"{other} after {stands}"])


def test_control_without_the_lock_both_believe_that_theirs_stands(both_at_once, monkeypatch):
    monkeypatch.setattr(
        returns, "open_return", lambda record, at: Return.objects.select_related("request").get(pk=record.pk)
    )
    assert both_at_once() == ["saved", "saved"]
