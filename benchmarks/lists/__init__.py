"""What a page of a list costs with few rows and with many: see `__main__`."""
