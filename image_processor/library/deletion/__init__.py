"""Deletion of accounts, and of images with many tasks: ended at once, removed in the background."""
