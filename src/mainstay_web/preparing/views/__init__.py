"""Pages of preparing."""
