"""Structural checks: whether a file contains everything that its own structure announces.

The checks read headers and lengths only. They refuse truncated files, which codecs accept, and
find damage that codecs would find only while decoding. Each raises `InvalidImage`.
"""
