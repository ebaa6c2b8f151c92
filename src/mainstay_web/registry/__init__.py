"""The register: the tables of a case as the office keeps them, with their history."""
