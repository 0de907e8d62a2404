"""The application that holds images, tasks and pixels."""

from django.apps import AppConfig


class ImageProcessorConfig(AppConfig):
    name = "image_processor"
    verbose_name = "Images and tasks"
