"""Schools: the register, the yearly survey, the mails and letters it takes, and what came of it."""
