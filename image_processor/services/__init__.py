"""Every write and every change of state; the only place that does either."""
