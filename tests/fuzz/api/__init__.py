"""Send valid and invalid requests, generated from the OpenAPI document, to a running service."""
