"""The web page: the exported files of `frontend/`, who may open which, and what browsers are told."""
