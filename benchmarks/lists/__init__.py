"""Compare the time of a list page with few rows and with many; see `__main__`."""
