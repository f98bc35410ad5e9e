"""What may be in a world without most people knowing: put in after somebody looked, it must change nothing for them."""

from datetime import date

from tests.factories import AnswerFactory, DisputeFactory, DisputeStageFactory
from tests.guarantees.restricted import more_restricted

# None of what ``more_of_everything`` adds is theirs: cases are hidden from all outside their group, a draft return from
# other organisations, disputes from the uninvolved.
HIDDEN_FROM = ["anonymous", "office", "chair", "other_partner", "advisor", "administrator", "stranger"]


def more_of_a_draft(world):
    question = world.draft_return.request.questions.get(position=2)
    AnswerFactory(record=world.draft_return, question=question, text="Words that nobody else may read")


def more_disputes(world, *people):
    """A late one and one that is settled, between organisations that ``people`` represent."""
    between = {"raised_by": world.organisation, "raised_with": [world.draft_return.organisation]}
    posts = [person.holdings.get().post for person in people]
    late = DisputeFactory(partnership=world.partnership, people=posts, advice="Canary", advice_by="Canary", **between)
    DisputeStageFactory(dispute=late, name="Canary", owed_by=posts[0])
    done = DisputeFactory(partnership=world.partnership, people=posts, **between)
    DisputeStageFactory(dispute=done, answered_on=date(2027, 1, 5), answer="Canary")
    done.outcome, done.settled_on = "Canary", date(2027, 1, 8)
    done.save()


def more_of_everything(world, *, colleague):
    """``colleague``, of the same office as world's, is the only one involved in the disputes."""
    more_restricted(world)
    more_of_a_draft(world)
    more_disputes(world, colleague)
