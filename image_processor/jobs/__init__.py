"""Durable background work.

A job is a row (`model.Job`) of a registered type (`job_type.JobType`). `fair_order` gives it a
place in its queue, `claim` hands it to a free worker, `lease` keeps it there, and `transitions`
change its state by conditional updates; `runner` does all this for every type. The broker only
carries wake-ups (`wakeups`), so a lost message loses no work.
"""
