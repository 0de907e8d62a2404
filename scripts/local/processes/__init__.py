"""Child processes that end when the script that started them ends."""
