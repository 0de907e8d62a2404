"""Measurements, each one command that prints figures and ratios."""
