"""How are we doing? A plan's report of each quarter: evidence, judgement, promises, and what came of the last ones."""
