"""Durable work, once, for everything that runs in the background.

A job is a row (`model.Job`). It is placed fairly (`fair`), claimed by whichever worker is free
(`claim`), kept by renewing a lease (`lease`), and ended by a conditional update (`transitions`).
The broker only carries wake-ups (`wakeups`), so nothing is lost with it.
"""
