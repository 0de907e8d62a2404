"""PNG: the check of its chunks, the repair of damage, and colour keys."""
