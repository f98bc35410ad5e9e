"""People who take part, and who they work for."""
