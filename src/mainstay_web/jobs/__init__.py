"""Long work: a lease queue of jobs of several kinds, which workers do in the background."""
