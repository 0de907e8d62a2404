"""gunicorn's configuration file: the web server's own lines go where all others go.

gunicorn's main process, which starts and stops the others, loads nothing else of the project.
"""

from image_processing_service.settings import LOGGING as logconfig_dict

__all__ = ["logconfig_dict"]
