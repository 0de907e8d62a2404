"""Faults on purpose, against the whole service: one command each, each prints one line of figures.

    python -m tests.chaos.worker_kills --tasks 2000 --kills 20

It ends with 1 when a promise was broken. pytest runs short versions of all of them.
"""
