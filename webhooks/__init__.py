"""Webhooks: tell a user's own server about events (Standard Webhooks 1.0).

An event becomes one delivery for each webhook that subscribes to its kind. A delivery is a durable
job (`delivery.job`): it is sent until the receiver accepts it or a day of attempts is over.
"""
