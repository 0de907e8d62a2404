"""Real servers for tests: object stores, RabbitMQ, HTTP servers, and proxies with faults."""
