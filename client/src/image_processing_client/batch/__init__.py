"""A folder of pictures through the service, resumable at any point."""
