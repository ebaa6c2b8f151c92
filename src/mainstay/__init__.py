"""Mainstay: guarantee emergency supplies in an epidemic."""
