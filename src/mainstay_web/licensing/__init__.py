"""The fast track to a licence: application, documents, checks, a decision by two persons, and its end."""
