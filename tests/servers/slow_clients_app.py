"""The application of `web_app` with few threads, low bounds and short times."""

from __future__ import annotations

from tests.servers.web_app import MANY, respond  # isort: skip - it loads the applications
from image_processing_service.web import body, connection, pace, worker
from image_processing_service.web.front import Front

THREADS = 2
PER_ADDRESS = 4

for module in (body, connection, pace):
    module.GRACE_SECONDS = 2
pace.SLOWEST = MANY
worker.CONNECTIONS_PER_ADDRESS = 40

application = Front(respond, threads=THREADS, per_address=PER_ADDRESS)
