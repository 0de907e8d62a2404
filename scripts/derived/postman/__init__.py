"""The Postman collection: its requests in the order of a run, their bodies and assertions."""
