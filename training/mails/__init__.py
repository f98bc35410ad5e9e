"""Mails and calendar invitations to people without an account."""
