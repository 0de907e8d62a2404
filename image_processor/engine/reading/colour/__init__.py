"""Colours that a file declares without an ICC profile, and their conversion to sRGB."""
