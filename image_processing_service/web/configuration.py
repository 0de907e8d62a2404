"""gunicorn's configuration file, for all ways to start the web server.

The start scripts add the address and the number of processes. gunicorn's main process, which starts
and stops the others, loads nothing else of the project.
"""

from pathlib import Path
from typing import Any

from gunicorn.glogging import Logger  # type: ignore[import-untyped]

from image_processing_service.settings import LOGGING as logconfig_dict
from image_processing_service.web.retirement import count_processes as child_exit

__all__ = ["child_exit", "logconfig_dict"]


class QuietLogger(Logger):
    """`api.http.request_log` writes a line for each request, so gunicorn need not prepare one."""

    def _compute_access_log_enabled(self) -> bool:
        return False


logger_class = QuietLogger
worker_class = "image_processing_service.web.worker.WebWorker"
# Of a process. More get 503.
worker_connections = 1000
# A process that has not been heard of for so long is killed.
timeout = 60
# When the server stops, requests that have begun get this time.
graceful_timeout = 30
keepalive = 5
# In memory, where it exists: a disk that stalls must not look like a process that hangs.
worker_tmp_dir: Any = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
control_socket_disable = True
