"""How much of an object is held at a time by who passes it on."""

CHUNK_BYTES = 256 * 1024
