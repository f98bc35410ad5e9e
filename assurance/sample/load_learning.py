"""Rows of learning: points over four years, two briefings that are out, one that is being written."""

from datetime import timedelta

import pghistory

from assurance.sample import learning as content
from partnership.models import Post
from reviews.briefings import agencies_asked, begin_briefing, publish_briefing
from reviews.models import DisseminationStep, LearningPoint, Theme
from reviews.receipts import submit_receipt

WEEKS_TO_ANSWER = timedelta(days=42)


def load_learning(cast):
    """Of Ashford Vale, which shares nothing of it with Millbrook."""
    partnership = cast.partnerships["AV"]
    themes = {theme.title: theme for theme in Theme.objects.all()}
    for days, titles, source, text in content.POINTS:
        point = LearningPoint.objects.create(
            partnership=partnership, source_title=source, text=text, learned_on=cast.calendar.day(days)
        )
        point.themes.set([themes[title] for title in titles])
    load_briefing(cast, content.SCHOOL)


def publish_briefings(cast):
    """The two that are out, with their PDFs; agencies have answered on the newer one."""
    with pghistory.context(source="sample", user=cast.holders["manager"].pk):
        publish(cast, load_briefing(cast, content.NIGHTS), days=-150)
        briefing = publish(cast, load_briefing(cast, content.BRUISES), days=-52)
        load_steps(cast, briefing)
        load_receipts(cast, briefing)


def load_briefing(cast, words):
    briefing = begin_briefing(partnership=cast.partnerships["AV"], title=words["title"])
    for name, text in words.items():
        setattr(briefing, name, text)
    briefing.save()
    return briefing


def publish(cast, briefing, *, days):
    """Of the older one every agency was asked and it is over; of the newer one seven are."""
    on = cast.calendar.day(days)
    asked = agencies_asked(briefing.partnership, on=on)[: len(content.RECEIPTS) + 2] if days > -100 else []
    return publish_briefing(
        briefing,
        agencies=asked,
        due_on=on + WEEKS_TO_ANSWER,
        is_public=True,
        by=cast.holders["manager"],
        at=cast.calendar.moment(on),
        on=on,
    )


def load_steps(cast, briefing):
    office = Post.objects.filter(duty=Post.Duty.OFFICE, partnerships=briefing.partnership).first()
    for audience, channel, due, done, reached, note in content.STEPS:
        DisseminationStep.objects.create(
            briefing=briefing,
            audience=audience,
            channel=channel,
            lead_post=office,
            due_on=cast.calendar.day(due),
            done_on=None if done is None else cast.calendar.day(-done),
            reached=reached,
            note=note,
        )


def load_receipts(cast, briefing):
    for receipt in briefing.receipts.filter(organisation__name__in=content.RECEIPTS).select_related("organisation"):
        ago, *said = content.RECEIPTS[receipt.organisation.name]
        day = cast.calendar.day(-(ago or 10))
        if ago:
            answers = dict(zip(["used_with", "reached", "changed"], said, strict=True)) | {"used_on": day}
        else:
            answers = {"not_used_because": said[0]}
        submit_receipt(receipt, by=cast.holders["manager"], at=cast.calendar.moment(day, hour=15), **answers)
