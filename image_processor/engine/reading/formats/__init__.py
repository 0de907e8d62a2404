"""Structural checks: whether a file contains everything that its own structure announces.

The checks read headers and lengths. They refuse truncated files, which codecs accept, and find
damage that codecs would find only while decoding. Damage that leaves the picture whole gives a
warning, and a repair for the codec. Each check raises `InvalidImage` or `UnsupportedFormat`.
"""
