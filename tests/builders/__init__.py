"""Builders for tests: pictures in memory, rows, files, exports."""
