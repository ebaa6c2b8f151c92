"""Ways of making a course of the epidemic."""
