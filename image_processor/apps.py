"""The application that holds images, tasks and pixels."""

from django.apps import AppConfig


class ImageProcessorConfig(AppConfig):
    name = "image_processor"
    verbose_name = "Images and tasks"

    def ready(self) -> None:
        from image_processor.ingest.import_job import ImportJobType
        from image_processor.jobs import registry
        from image_processor.library.deletion.job import DeletionJobType
        from image_processor.library.derivation_job import DerivationJobType
        from image_processor.transform.transformation_job import TransformationJobType

        registry.register(
            TransformationJobType(), DerivationJobType(), ImportJobType(), DeletionJobType()
        )
