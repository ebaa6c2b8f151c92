"""Pages of replays and exercises."""
