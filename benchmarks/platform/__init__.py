"""The platform under load: 10,000 enterprises, a million reports, fifty people at once."""
