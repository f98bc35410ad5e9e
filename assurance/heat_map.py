"""The heat map: organisations by standards, what has moved since last time, and what it comes to.

Scores that may be added up come to points of the possible; others are counted and never averaged. What does not apply
leaves both. A member sees its own line, and of the others only a middle and a range, where enough of them answered.
"""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import median_low

from django.db.models import Q

from assurance.models import AssuranceRequest, Return, Scale, StandardSet
from assurance.models.standards import figure
from assurance.models.timetable import year_of
from assurance.self_scores import SelfScores, SetFamily
from assurance.standards import roots_of
from partnership.models import Membership
from partnership.standing import standing_of

FEWEST_OTHERS = 5  # organisations, or a middle would say what one of them said
BY_NAME, BY_WEAKEST = "name", "weakest"
SCORED, NOT_APPLICABLE, UNANSWERED, NOT_ASKED = "scored", "not-applicable", "unanswered", "not-asked"
UP, DOWN, SAME = "up", "down", "same"


@dataclass(frozen=True)
class Mark:
    """What stands in one cell. ``before``: the score of the return before, on the same scale."""

    kind: str
    score: Decimal | None = None
    is_moderated: bool = False
    own: str = ""
    before: Decimal | None = None
    movement: str = ""


@dataclass
class Tally:
    """What marks come to: points of the possible, how many of each score, how many did not say."""

    points: Decimal = Decimal(0)
    possible: Decimal = Decimal(0)
    scores: Counter = field(default_factory=Counter)
    kinds: Counter = field(default_factory=Counter)
    movements: Counter = field(default_factory=Counter)

    def add(self, mark, scale, weight):
        self.kinds[mark.kind] += 1
        if mark.movement:
            self.movements[mark.movement] += 1
        if mark.kind in {SCORED, UNANSWERED}:
            self.possible += weight * (scale.highest - scale.lowest)
        if mark.kind == SCORED:
            self.scores[mark.score] += 1
            is_highest = scale.best == Scale.Best.HIGHEST
            self.points += weight * (mark.score - scale.lowest if is_highest else scale.highest - mark.score)

    @property
    def share(self):
        return self.points / self.possible if self.possible else None

    def weakness(self, scale):
        """To sort by, the weakest first; those of which nothing is known last."""
        count = sum(self.scores.values())
        if not count:
            return (1,)
        if scale.is_added_up:
            return (0, self.share)
        worst_first = sorted(self.scores, key=scale.share)
        return (
            0,
            *(value for score in worst_first for value in (scale.share(score), -Decimal(self.scores[score]) / count)),
        )


@dataclass(frozen=True)
class Line:
    """One organisation in the year that is shown."""

    organisation: object
    marks: list
    tally: Tally
    record: object


@dataclass(frozen=True)
class Column:
    """One standard: what all that are shown say of it, or what is known of the others."""

    standard: object
    tally: Tally
    others: tuple | None = None  # (lowest, middle, highest)


@dataclass(frozen=True)
class HeatMap:
    standard_set: object
    scale: Scale
    points: list
    columns: list
    lines: list
    year: int
    years: list
    sections: list
    is_whole: bool  # of all organisations, not one's own alone
    history: list  # (organisation, [Tally or None for each of ``years``])

    @property
    def standards(self):
        return [column.standard for column in self.columns]

    @property
    def columns_in_order(self):
        """The weakest first."""
        return sorted(self.columns, key=lambda column: column.tally.weakness(self.scale))


@dataclass(frozen=True)
class Asked:
    """What somebody wants to see; what makes no sense is passed over."""

    year: int | None = None
    section: str = ""
    kind: str = ""
    partnership: int | None = None
    sort: str = BY_NAME


@dataclass
class Family:
    """The editions of one set that somebody may see: the newest, the keys of all, whether anything was submitted."""

    newest: StandardSet
    keys: set
    is_answered: bool


def families_of(user):
    """Each set with a published edition that this person may see, by title."""
    sets = StandardSet.objects.visible_to(user).exclude(published_on=None).order_by("published_on", "pk")
    found = {each.pk: each for each in sets}
    roots = roots_of({each.pk: each.follows_id for each in found.values()})
    submitted = Return.objects.visible_to(user).exclude(submitted_at=None).order_by()
    answered = {roots.get(key) for key in submitted.values_list("request__standards", flat=True).distinct()}
    families = {}
    for key, each in found.items():
        family = families.setdefault(roots[key], Family(each, set(), roots[key] in answered))
        family.newest = each
        family.keys.add(key)
    return sorted(families.values(), key=lambda family: family.newest.title)


def returns_of(user, family):
    """Submitted returns to the editions of a family, the earliest asked first, as far as this person may see them."""
    returns = Return.objects.visible_to(user).exclude(submitted_at=None)
    returns = returns.filter(request__standards__in=family.sets).select_related("organisation", "request")
    return list(returns.order_by("request__due_on", "submitted_at", "pk"))


def read_wholly(user, request_ids):
    """Those of these requests of which this person may read every organisation's return."""
    standing = standing_of(user)
    wide = Q(partnerships__in=standing.wide_ids) | Q(group__in=standing.group_ids) & ~Q(sent_on=None)
    return set(AssuranceRequest.objects.filter(wide, pk__in=request_ids).values_list("pk", flat=True))


def heat_map(user, standard_set, asked):
    """The HeatMap of the family of ``standard_set`` as ``user`` may see it; None where nothing was submitted to it.

    The same number of queries for however many organisations and standards.
    """
    family = SetFamily(user, standard_set)
    returns = returns_of(user, family)
    partnership_ids = standing_of(user).partnership_ids
    whole = read_wholly(user, {record.request_id for record in returns})
    if asked.partnership in partnership_ids:
        returns = of_partnership(returns, asked.partnership)
    years = sorted({year_of(record.request.due_on) for record in returns})
    if not years:
        return None
    year = asked.year if asked.year in years else years[-1]
    of_year = [record for record in returns if year_of(record.request.due_on) == year]
    is_whole = any(record.request_id in whole for record in of_year)
    others = [] if is_whole else others_of(user, of_year)
    scores = SelfScores(returns + others, family, partnership_ids=partnership_ids)

    newest = max(
        (family.sets[record.request.standards_id] for record in of_year),
        key=lambda each: (each.published_on, each.pk),
    )
    sections = list(dict.fromkeys(each.section for each in family.of_set[newest.pk] if each.section))
    section = asked.section if asked.section in sections else ""
    standards = [each for each in family.of_set[newest.pk] if not section or each.section == section]

    kinds_shown = [record for record in returns if not asked.kind or record.organisation.kind == asked.kind]
    told = told_by_year(kinds_shown, scores, family)
    lines, columns = lines_of(told, standards, newest.scale, family, year)
    if asked.sort == BY_WEAKEST:
        lines.sort(key=lambda line: (line.tally.weakness(newest.scale), line.organisation.name))
    else:
        lines.sort(key=lambda line: line.organisation.name)
    said_by_others = [scores.of(record) for record in others]
    columns = [
        Column(standard, columns[standard.pk], middle_of(said_by_others, family.roots[standard.pk], newest.scale))
        for standard in standards
    ]
    return HeatMap(
        standard_set=newest,
        scale=newest.scale,
        points=list(newest.scale.points.all()),
        columns=columns,
        lines=lines,
        year=year,
        years=years,
        sections=sections,
        is_whole=is_whole,
        history=history_of(told, family, years, section, newest.scale),
    )


def of_partnership(returns, partnership_id):
    """Those asked by that partnership, of organisations that are or were its members."""
    asking = AssuranceRequest.partnerships.through.objects.filter(partnership=partnership_id)
    asked = set(asking.values_list("assurancerequest", flat=True))
    members = set(Membership.objects.filter(partnership=partnership_id).values_list("organisation", flat=True))
    return [record for record in returns if record.request_id in asked and record.organisation_id in members]


def others_of(user, of_year):
    """What other organisations submitted to the same requests, one return each. For a middle and a range alone."""
    requests = {record.request_id for record in of_year}
    own = {record.organisation_id for record in of_year} | standing_of(user).organisation_ids
    found = Return.objects.filter(request__in=requests).exclude(submitted_at=None).exclude(organisation__in=own)
    newest = {record.organisation_id: record for record in found.select_related("request").order_by("submitted_at")}
    return list(newest.values())


def told_by_year(returns, scores, family):
    """{organisation: {year: ({first of the line: Said}, scale, record)}}; a later return of a year stands."""
    told = {}
    for record in returns:
        of_organisation = told.setdefault(record.organisation, {})
        year = year_of(record.request.due_on)
        said = of_organisation.get(year, ({}, None, None))[0]
        scale = family.sets[record.request.standards_id].scale
        of_organisation[year] = (said | scores.of(record), scale, record)
    return told


def lines_of(told, standards, scale, family, year):
    """The lines of ``year``, and {standard's key: Tally}."""
    lines, columns = [], {standard.pk: Tally() for standard in standards}
    for organisation, years in told.items():
        if year not in years:
            continue
        said, own_scale, record = years[year]
        earlier = {}
        for before in sorted(each for each in years if each < year):
            words, scale_then, _record = years[before]
            if scale_then.pk == own_scale.pk:
                earlier |= {root: each.score for root, each in words.items() if each.score is not None}
        tally, marks = Tally(), []
        for standard in standards:
            root = family.roots[standard.pk]
            mark = mark_of(said.get(root), earlier.get(root), own_scale, scale)
            tally.add(mark, scale, standard.weight)
            columns[standard.pk].add(mark, scale, standard.weight)
            marks.append(mark)
        lines.append(Line(organisation, marks, tally, record))
    return lines, columns


def mark_of(said, before, own_scale, scale):
    """The Mark of what was said; nothing of another scale than the one that is shown."""
    if said is None or own_scale.pk != scale.pk:
        return Mark(NOT_ASKED)
    own = ""
    if said.is_moderated:
        own = "does not apply" if said.own_is_not_applicable else figure(said.own_score)
    if said.is_not_applicable:
        return Mark(NOT_APPLICABLE, is_moderated=said.is_moderated, own=own)
    if said.score is None:
        return Mark(UNANSWERED)
    return Mark(SCORED, said.score, said.is_moderated, own, before, movement(said.score, before, scale))


def movement(score, before, scale):
    if before is None:
        return ""
    now, then = scale.share(score), scale.share(before)
    return SAME if now == then else UP if now > then else DOWN


def middle_of(said_by_others, root, scale):
    """(lowest, middle, highest) of what enough others said of a standard, from the worst to the best; else None."""
    scores = [said[root].score for said in said_by_others if root in said and said[root].score is not None]
    if len(scores) < FEWEST_OTHERS:
        return None
    scores.sort(key=scale.share)
    shares = [scale.share(score) for score in scores]
    return scores[0], scores[shares.index(median_low(shares))], scores[-1]


def history_of(told, family, years, section, scale):
    """What each organisation came to, year by year, where scores may be added up; of one scale."""
    if not scale.is_added_up or len(years) < 2:
        return []
    history = []
    for organisation, of_years in sorted(told.items(), key=lambda each: each[0].name):
        tallies = []
        for year in years:
            said, own_scale, record = of_years.get(year, ({}, None, None))
            if own_scale is None or own_scale.pk != scale.pk:
                tallies.append(None)
                continue
            tally = Tally()
            for standard in family.of_set[record.request.standards_id]:
                if not section or standard.section == section:
                    mark = mark_of(said.get(family.roots[standard.pk]), None, own_scale, scale)
                    tally.add(mark, scale, standard.weight)
            tallies.append(tally)
        history.append((organisation, tallies))
    return history
