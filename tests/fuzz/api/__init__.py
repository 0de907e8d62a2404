"""Requests made from the OpenAPI document, valid and invalid, sent to a running service."""
