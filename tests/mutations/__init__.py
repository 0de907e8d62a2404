"""Faults that the tests must find: small wrong changes, each with a test that fails on it.

`python -m tests.mutations [subject ...]` makes one change after the other in a copy of the
checkout, and runs the tests named for it. The list is the files `<subject>.toml` beside this one.
"""
