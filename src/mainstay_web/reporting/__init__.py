"""Reports of makers, warehouses and hospitals: received once, kept in versions, judged at once."""
