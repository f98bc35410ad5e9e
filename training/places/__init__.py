"""Places: asked for, waited for, given back."""
