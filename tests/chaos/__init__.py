"""Provoked faults of the whole service. Each scenario is a command and prints a line of figures.

    python -m tests.chaos.worker_kills --tasks 2000 --kills 20

The exit status is 1 when a promise was broken. pytest runs a short version of each scenario.
"""
