"""The themes that cases and learning are counted under: a start, which the administrator changes."""

HARM, PRACTICE = "harm", "practice"
CHILDREN, ADULTS, BOTH = "children", "adults", ""

USUAL_THEMES = [
    (HARM, CHILDREN, "Injury to a baby"),
    (HARM, CHILDREN, "Physical abuse"),
    (HARM, BOTH, "Neglect"),
    (HARM, CHILDREN, "Sexual abuse"),
    (HARM, BOTH, "Exploitation"),
    (HARM, BOTH, "Domestic abuse"),
    (HARM, BOTH, "Suicide or self-harm"),
    (HARM, CHILDREN, "Unsafe sleep"),
    (HARM, ADULTS, "Self-neglect"),
    (HARM, ADULTS, "Abuse in a care setting"),
    (HARM, ADULTS, "Financial abuse"),
    (PRACTICE, BOTH, "Sharing information"),
    (PRACTICE, BOTH, "Professional curiosity"),
    (PRACTICE, CHILDREN, "The child’s voice and daily life"),
    (PRACTICE, ADULTS, "The adult’s wishes"),
    (PRACTICE, BOTH, "Seeing men and the wider household"),
    (PRACTICE, BOTH, "Mental capacity"),
    (PRACTICE, BOTH, "Moving to adulthood"),
    (PRACTICE, BOTH, "Racism and inequality"),
    (PRACTICE, BOTH, "Supervision and challenge"),
    (PRACTICE, BOTH, "Thresholds and early help"),
]


def load_themes(theme_model):
    """Add the usual themes where there are none. The model is given, so that a migration can hand over its own."""
    if not theme_model.objects.exists():
        theme_model.objects.bulk_create(
            theme_model(kind=kind, audience=audience, title=title, position=position)
            for position, (kind, audience, title) in enumerate(USUAL_THEMES, start=1)
        )
