"""Pages of planning, a module for each subject."""
