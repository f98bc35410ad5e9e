"""What has happened to the agencies of Ashford Vale and Millbrook. All invented; days from the day of loading."""

from datetime import date

from assurance.sample import people
from assurance.sample.shapes import Agency

# Those for which a post of ``people.DISTRICTS`` speaks.
OTHER_DISTRICTS = ["Harrow Weir Borough Council", "Mere and Marsh District Council", "Stoneleat District Council"]
NOMINEE = "community-safety"
NOMINATED = -400

# (agency, what it was called, last day of that name)
FORMER_NAMES = [
    (people.PROBATION, "Three Rivers Rehabilitation Company", date(2021, 6, 25)),
    (people.HOMES, "Millbrook Housing Department", date(2016, 3, 31)),
]
RENAMED = (people.TIDEWELL, "Tidewell Community Services", -430)  # the same, by days

# Taken in by another agency.
YOUTH_CLUB = Agency("Brook Street Youth Club", "voluntary", {people.MB: "relevant"})
YOUTH_CLUB_JOINED = -1900
YOUTH_CLUB_POST = ("Youth club manager", "Dilys Marrow")
MERGED_INTO, MERGED = people.HARBOUR, -280

# A member until lately, with nothing after it.
LEFT = Agency("Millbrook Nurseries Network", "education", {people.MB: "reference"})
LEFT_ON = -150

# (agency, partnership, role before, first day of the role it has now)
ROLE_CHANGED = (people.COLLEGE, people.AV, "reference", -380)
