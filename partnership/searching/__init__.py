"""Search across all that one may see.

Each app says in its ``searched.py`` what of its models is found, and by which of their columns (``kinds.Kind``). Each
such table has a column of its words, which PostgreSQL keeps by a trigger (``columns``); no model knows of it. There is
no index beside the tables, on purpose: the words of a row stand in the row, so that they are hidden with it (row
security), change with it, and are gone with it when it is deleted or somebody is taken out of it. One person's rows are
some thousands, read by their keys; what all partnerships wrote is never looked through.

``asking`` asks all kinds at once, each through its ``visible_to``: what is found, counted, suggested and marked is
made of rows that the person may see and of nothing else. Cases, reviews and what was not released of them are no
kind, and neither are returns: those are looked for on their own pages, by those who know of them.
"""
