"""Measure the service against what its requests and tasks must at least cost."""
