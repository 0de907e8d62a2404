"""Run the service: its environment, its programs, and the order of starting and stopping."""
