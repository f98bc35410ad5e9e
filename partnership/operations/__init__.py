"""What keeps the product running: backups and restoring them, and what the administrator sees of all that."""
