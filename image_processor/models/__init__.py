"""Models: images, their imports and uploads, tasks, results, stored objects, quotas, deletions."""

from image_processor.models.batch import Batch
from image_processor.models.deletion import Deletion
from image_processor.models.derivation import Derivation
from image_processor.models.direct_upload import DirectUpload
from image_processor.models.fairness import FairShare, QueueClock
from image_processor.models.image import SourceImage, TransformedImage
from image_processor.models.image_import import ImageImport
from image_processor.models.preset import Preset
from image_processor.models.quota import Quota, Usage
from image_processor.models.stored_object import StoredObject, UnclaimedObject
from image_processor.models.task import TransformationTask
from image_processor.models.task_count import TaskCount, TaskCountChange

__all__ = [
    "Batch",
    "Deletion",
    "Derivation",
    "DirectUpload",
    "FairShare",
    "ImageImport",
    "Preset",
    "QueueClock",
    "Quota",
    "SourceImage",
    "StoredObject",
    "TaskCount",
    "TaskCountChange",
    "TransformationTask",
    "TransformedImage",
    "UnclaimedObject",
    "Usage",
]
