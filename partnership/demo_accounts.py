"""The demo's ready accounts: one for each role, offered on the sign-in page and printed at the start.

The sample partnership (``manage.py load_sample``) gives each of these people their posts. Production
loads no sample, has none of these accounts and offers none.
"""

from dataclasses import dataclass

DEMO_PASSWORD = "demo-password-2026"  # noqa: S105, printed for everybody who starts the demo


@dataclass(frozen=True)
class DemoAccount:
    """``what`` says in one line what this person comes to do."""

    role: str
    email: str
    name: str
    what: str


DEMO_ACCOUNTS = (
    DemoAccount(
        "Business office",
        "nadia.fenwick@example.org",
        "Nadia Fenwick",
        "Writes and runs the plan, asks for updates, makes the annual report",
    ),
    DemoAccount(
        "Subgroup chair",
        "tomasz.brindle@example.org",
        "Tomasz Brindle",
        "Answers for what the Learning and Development Subgroup leads",
    ),
    DemoAccount(
        "Scrutiny chair",
        "ruth.adeyinka-cole@example.org",
        "Ruth Adeyinka-Cole",
        "Chairs the group that proposes a rating for each priority",
    ),
    DemoAccount(
        "Executive",
        "imogen.stallard@example.org",
        "Imogen Stallard",
        "Chairs the group that decides each rating",
    ),
    DemoAccount(
        "Lead",
        "delia.marchetti@example.org",
        "Delia Marchetti",
        "Leads one deliverable, as Head of Midwifery",
    ),
    DemoAccount(
        "Partner",
        "greta.holloway@example.org",
        "Greta Holloway",
        "Submits the assurance return of a charity, reads the plan and reports",
    ),
    DemoAccount(
        "Training coordinator",
        "fatima.roscoe@example.org",
        "Fatima Roscoe",
        "Runs the courses, gives the places, asks what changed in practice",
    ),
    DemoAccount(
        "Case review group",
        "sunita.rao@example.org",
        "Sunita Rao",
        "Reads Ashford Vale’s cases, which nobody outside the group can see",
    ),
    DemoAccount(
        "Independent advisor",
        "marguerite.lowell@example.org",
        "Marguerite Lowell",
        "Reads everything but drafts and cases; advises, decides nothing",
    ),
    DemoAccount(
        "Administrator",
        "ivor.penhale@example.org",
        "Ivor Penhale",
        "Looks after partnerships, people and rule sets",
    ),
)
