"""Measure the fairness of the queue and its cost; see `__main__`."""
