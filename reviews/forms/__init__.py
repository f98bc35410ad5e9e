"""Forms of cases, practice reviews, recommendations and learning, a module for each."""
