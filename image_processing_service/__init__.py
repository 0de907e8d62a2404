"""The Django project. The Celery application is imported so that `delay` finds it."""

from image_processing_service.celery import app as celery_app

__all__ = ["celery_app"]
