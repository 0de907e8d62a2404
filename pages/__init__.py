"""The web page: the export of `frontend/`, who may open which page, what browsers may run."""
