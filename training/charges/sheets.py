"""Charges as workbooks: what everybody would owe, and one statement with all that it is made of."""

from datetime import date
from decimal import Decimal

from tablib import Dataset

from training.charges.charging import number_of


def drafts_sheet(reckonings):
    sheet = Dataset(
        headers=[
            "Organisation",
            "Place-days used",
            "Trainer days given",
            "Free place-days",
            "Trainer days owed",
            "Total",
        ],
        title="Charges",
    )
    for organisation, each in reckonings.items():
        sheet.append([organisation.name, each.used_days, each.given_days, each.free_days, each.owed_days, each.total])
    return sheet


def statement_sheets(statement):
    content = statement.content
    lines = Dataset(headers=["What", "Count", "Charge", "Amount"], title=f"Statement {number_of(statement)}")
    for each in content["lines"]:
        lines.append([each["what"], *(Decimal(each[name]) for name in ("count", "charge", "amount"))])
    lines.append(["Total", "", "", statement.total])
    places = Dataset(headers=["Event", "Day", "Person", "What became of it", "Days", "Not charged because"])
    places.title = "Places"
    for each in content.get("places", []):
        day = date.fromisoformat(each["day"])
        places.append([each["event"], day, each["person"], each["became"], Decimal(each["days"]), each["waived"]])
    given = Dataset(headers=["Event", "Day", "Trainer", "Trainer days"], title="Trainer days")
    for each in content.get("given", []):
        given.append([each["event"], date.fromisoformat(each["day"]), each["name"], Decimal(each["days"])])
    return [lines, places, given]


def readable(content):
    """``content`` of a statement with days as days and numbers as numbers, for pages and paper."""
    return {
        **{name: Decimal(content.get(name, 0)) for name in ("used_days", "given_days", "free_days", "beyond_days")},
        "free_places_per_trainer_day": content.get("free_places_per_trainer_day"),
        "lines": [
            each | {name: Decimal(each[name]) for name in ("count", "charge", "amount")}
            for each in content.get("lines", [])
        ],
        **{
            name: [
                each | {"day": date.fromisoformat(each["day"]), "days": Decimal(each["days"])}
                for each in content.get(name, [])
            ]
            for name in ("places", "given")
        },
    }
