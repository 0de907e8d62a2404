"""TIFF: checking a file, knowing its layout, and giving Pillow a file that it reads rightly."""
