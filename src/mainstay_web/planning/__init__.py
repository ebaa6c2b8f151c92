"""Plans: a snapshot of the register, a run in the background, its results, and who approved them."""
