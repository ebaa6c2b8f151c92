"""Exercises: a scripted story that the platform lives through, by the same acts that pages and programs use."""
