"""The express window: each consignment from declared to cleared, and how many days that takes."""
