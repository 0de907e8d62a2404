"""Webhooks: telling a person's own server what happened (Standard Webhooks 1.0).

An event becomes one delivery for each webhook that asked for its kind (`occurrences`); a delivery
is a durable job (`models`), sent until it is accepted or has been tried for a day (`sending`).
"""
