"""Who was there, and what they take away: register, sign-in, certificates, one’s own record."""
