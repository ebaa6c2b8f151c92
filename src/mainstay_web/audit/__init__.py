"""Who did what, when: rows that nothing changes, chained so that a change from below shows."""
