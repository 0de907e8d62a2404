"""`python -m image_processing_client` runs `ips`."""

import sys

from image_processing_client.cli import main

sys.exit(main())
