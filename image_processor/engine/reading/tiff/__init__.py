"""TIFF: its structural check, the layouts that are read, and a file that Pillow reads rightly."""
