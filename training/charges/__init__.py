"""What agencies used, gave and owe."""
