"""What tests build: pictures in memory, users, uploads."""
