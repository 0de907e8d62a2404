"""How fast the engine is beside libvips and plain Pillow: `python -m benchmarks.engine`."""
