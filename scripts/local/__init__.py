"""Everything of the service on one machine: database, broker, web, workers and scheduler."""
