"""JPEG: the check of its segments, and files that are cut off."""
