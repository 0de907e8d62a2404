"""All settings. `env` reads them from the environment; `.env.example` describes the variables.

Django takes every name in capitals. No name is set by two of the modules.
"""

from image_processing_service.settings.accounts import *
from image_processing_service.settings.apps import *
from image_processing_service.settings.core import *
from image_processing_service.settings.database import *
from image_processing_service.settings.limits import *
from image_processing_service.settings.logs import *
from image_processing_service.settings.mail import *
from image_processing_service.settings.queue import *
from image_processing_service.settings.rest_framework import *
from image_processing_service.settings.security import *
from image_processing_service.settings.storage import *
