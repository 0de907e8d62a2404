"""BMP: its check, and the decoder of all its layouts."""
