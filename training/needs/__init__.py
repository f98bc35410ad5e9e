"""What there is to learn next year: asked, ranked, decided."""
