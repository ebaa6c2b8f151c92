"""Organisations, people, their roles, and what each may do where."""
