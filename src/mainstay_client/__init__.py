"""The client of the platform's interface: what a program of a maker or hospital calls."""
