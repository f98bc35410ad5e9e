"""What the sample says of cases and reviews; invented."""

# Days from the day of loading: aware, notified, sent to the Panel (None: not yet).
CASES = [
    {
        "reference": "AV-R-07",
        "category": "Injury to a baby",
        "summary": (
            "A baby of a few months was taken to hospital with an injury that nobody could explain. "
            "Three agencies had been in the home in the month before; each knew something that the "
            "others did not. The baby is safe and recovering. Agencies have been asked for their "
            "summaries, and an immediate reminder about bruises went to every front door team."
        ),
        "days": (-13, -9, None),
    },
    {
        "reference": "AV-R-05",
        "category": "Neglect of a child not in school",
        "summary": (
            "A child of primary age, taught at home, was found to have lived with long neglect. No "
            "service had seen the child for fourteen months. The rapid review led to a local practice "
            "review; the reviewer has met the family twice and the report is being written."
        ),
        "days": (-171, -168, -149),
    },
]
