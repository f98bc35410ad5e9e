"""What each role requires, and who holds it."""
