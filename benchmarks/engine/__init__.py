"""Compare the engine with libvips and plain Pillow: `python -m benchmarks.engine`."""
