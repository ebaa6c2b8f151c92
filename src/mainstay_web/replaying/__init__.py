"""Replays in the background, and exercises in which people decide day by day."""
