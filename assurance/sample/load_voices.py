"""Who was heard: told directly, taken over from an update, and set aside."""

from datetime import timedelta

from assurance.sample import voices
from assurance.sample.dates import month_after
from assurance.voice_forms import VoicePublishForm
from assurance.voice_offers import offers_for, set_aside, take_over
from assurance.voices import tell_voice


def load_voices(cast, plan):
    """``plan``: the one that is running, whose priorities they are about."""
    calendar = cast.calendar
    priorities = {priority.ref: priority for priority in plan.priorities.all() if priority.ref}
    for heard in voices.VOICES:
        make_voice(cast, heard, calendar.day(-heard.when), priorities)
    for heard in voices.LAST_VOICES:
        make_voice(cast, heard, month_after(calendar.reported_year, heard.when) + timedelta(days=17), {})
    settle_offers(cast)


def make_voice(cast, heard, heard_on, priorities):
    def after(days, words):
        """A day not in the future; None without words."""
        return min(heard_on + timedelta(days=days), cast.calendar.today) if words else None

    entry, _is_new = tell_voice(
        partnerships=cast.partnerships_of(heard.of),
        priorities=[priorities[ref] for ref in heard.refs if ref in priorities],
        heard_on=heard_on,
        people=heard.people,
        who=heard.who,
        how=heard.how,
        people_count=heard.count,
        organisation=cast.agencies.get(heard.listener),
        group=cast.groups.get(heard.listener),
        said=heard.said,
    )
    if not heard.did and not heard.because:
        return
    entry.did, entry.not_done_because, entry.did_on = heard.did, heard.because, after(heard.done, True)
    entry.save()
    entry.changed, entry.changed_on = heard.changed, after(heard.seen, heard.changed)
    entry.is_public = heard.is_public
    if heard.is_public:
        entry.published_on = entry.changed_on or entry.did_on
        for name, inside in VoicePublishForm.WORDS.items():
            setattr(entry, name, getattr(entry, inside))
    entry.save()


def settle_offers(cast):
    """The office has looked at two of what reports and updates offer; the rest waits."""
    office, calendar = cast.holders["manager"], cast.calendar
    offers = offers_for(office, on=calendar.today)
    words, made = voices.TAKEN
    for offer in [each for each in offers if words in each.text][:1]:
        entry, _is_new = take_over(offer)
        for name, value in made.items():
            setattr(entry, name, value)
        entry.did_on = calendar.today
        entry.save()
    words, because = voices.SET_ASIDE
    for offer in [each for each in offers if words in each.text][:1]:
        set_aside(offer, because=because, by=office, at=calendar.moment(calendar.today))
