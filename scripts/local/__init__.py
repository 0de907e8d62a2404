"""Everything that runs the service on one machine: installing, starting and stopping."""
