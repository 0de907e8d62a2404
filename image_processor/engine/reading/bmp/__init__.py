"""The decoder of BMP: all layouts, also those that Pillow reads wrongly or not at all."""
