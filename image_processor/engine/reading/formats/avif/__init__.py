"""AVIF and HEIC: the check of their boxes, and the repair of item properties."""
