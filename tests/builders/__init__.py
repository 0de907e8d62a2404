"""Builders of test data: pictures in memory, rows, uploads."""
