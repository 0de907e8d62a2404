"""GIF: the check of its blocks, and the repair of its end."""
