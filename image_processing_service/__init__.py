"""The Django project. It imports the Celery application, so that `shared_task` finds it."""

from image_processing_service.celery import app as celery_app

__all__ = ["celery_app"]
