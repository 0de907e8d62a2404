"""The application that holds images, tasks and pixels."""

from django.apps import AppConfig


class ImageProcessorConfig(AppConfig):
    name = "image_processor"
    verbose_name = "Images and tasks"

    def ready(self) -> None:
        from image_processor.ingest.fetching import ImportJobType
        from image_processor.jobs import registry
        from image_processor.library.derivation_job import DerivationJobType
        from image_processor.transform.run import TransformationJobType

        registry.register(TransformationJobType(), DerivationJobType(), ImportJobType())
