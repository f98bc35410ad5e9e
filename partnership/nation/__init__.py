"""An invented nation: many partnerships over many years, put straight into the tables, to measure by.

Each app makes its own rows (``meetings`` here, ``plans.nation``, ``training.nation``, ``reviews.nation``,
``assurance.nation``), from what ``land`` says of who is there. ``rows`` writes them with their history.
"""
