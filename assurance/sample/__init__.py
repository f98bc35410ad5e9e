"""The sample partnership: Ashford Vale and Millbrook, their people, their plan and their year.

Everything here is invented. The modules of content hold words and offsets from the day of loading
(``shapes`` says how they are written), ``dates`` turns offsets into dates, ``load`` writes rows.
"""
