"""Supervision: how well organisations carry out directives, what is said of them, and the agenda of the day."""
