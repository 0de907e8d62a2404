"""How fair the queue is, and what fairness costs: see `__main__`."""
