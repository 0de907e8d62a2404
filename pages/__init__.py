"""The web pages: the export of `frontend/`, their access rules and their content policy."""
