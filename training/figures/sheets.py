"""Figures of training as a workbook: everything that the page shows, a sheet each."""

from tablib import Dataset

TALLY = {
    "events": "Events",
    "offered": "Places offered",
    "taken": "Places taken",
    "attended": "Attended",
    "missed": "Did not attend",
    "late": "Cancelled too late",
    "cancelled": "Cancelled in time",
    "unserved": "Waited and got no place",
}


def sheets_of(figures, *, needs, evaluation, own):
    sheets = [totals_of(figures)]
    for title, lines, head in [
        ("By agency", figures.agencies, "Agency"),
        ("By month", figures.months, "Month"),
        ("By course", figures.courses, "Course"),
        ("By way", figures.modes, "Way"),
    ]:
        sheets.append(by_line(title, head, lines))
    trainers = Dataset(headers=["Agency", "Trainer days", "A year before"], title="Trainers")
    for line in figures.trainers:
        trainers.append([line.name, line.now, line.before])
    return [*sheets, trainers, of_needs(needs), of_evaluation(evaluation), of_own_training(own)]


def totals_of(figures):
    first, last = figures.stretch.starts_on, figures.stretch.ends_on
    sheet = Dataset(headers=["What", "Count", "A year before"], title="All together")
    sheet.append(["From", first, figures.before.starts_on])
    sheet.append(["To", last, figures.before.ends_on])
    for row in figures.totals:
        sheet.append(list(row))
    return sheet


def by_line(title, head, lines):
    names = [*TALLY.values(), *(f"{name}, a year before" for name in TALLY.values())]
    sheet = Dataset(headers=[head, *names], title=title)
    for line in lines:
        sheet.append([line.name, *(getattr(each, name) for each in (line.now, line.before) for name in TALLY)])
    return sheet


def of_needs(needs):
    sheet = Dataset(
        headers=["Need", "Decision", "Courses", "Events held", "Attended", "Why, and what is left"], title="Needs"
    )
    for met in needs:
        titles = ", ".join(course.title for course, _held in met.courses)
        decided = met.need.get_decision_display()
        sheet.append([met.need.topic, decided, titles, met.held.held, met.held.attended, met.left])
    return sheet


def of_evaluation(evaluation):
    sheet = Dataset(headers=["Stage", "Asked", "Answered", "Mean confidence, of 5"], title="Evaluation")
    for stage in evaluation.stages:
        mean = stage.confidence.mean if stage.confidence else None
        sheet.append([stage.name, stage.asked_count, stage.answered_count, mean])
    return sheet


def of_own_training(own):
    sheet = Dataset(headers=["Agency", "From", "To", "Courses", "People who need them", "People who took them"])
    sheet.title = "Own training"
    for each in own:
        record = each.record
        sheet.append(
            [record.organisation.name, record.starts_on, record.ends_on, each.courses, each.needed, each.trained]
        )
    return sheet
