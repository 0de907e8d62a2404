"""A client library for the image processing service. Start with `Client`."""

from image_processing_client.client import Client
from image_processing_client.errors import (
    APIError,
    ClientError,
    Conflict,
    ConnectionFailed,
    ImportFailed,
    InvalidRequest,
    NotFound,
    NotSignedIn,
    PaymentRequired,
    PermissionDenied,
    RateLimited,
    RefusedValue,
    ServiceFailed,
    StorageFull,
    TaskFailed,
    UnexpectedAnswer,
    WaitTimedOut,
)
from image_processing_client.operations import Operation, step
from image_processing_client.records import Image, Plan, Result, Task
from image_processing_client.retries import Retries

__all__ = [
    "APIError",
    "Client",
    "ClientError",
    "Conflict",
    "ConnectionFailed",
    "Image",
    "ImportFailed",
    "InvalidRequest",
    "NotFound",
    "NotSignedIn",
    "Operation",
    "PaymentRequired",
    "PermissionDenied",
    "Plan",
    "RateLimited",
    "RefusedValue",
    "Result",
    "Retries",
    "ServiceFailed",
    "StorageFull",
    "Task",
    "TaskFailed",
    "UnexpectedAnswer",
    "WaitTimedOut",
    "step",
]
