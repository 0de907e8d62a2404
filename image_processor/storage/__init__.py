"""Where bytes lie: the local disk or S3, both private, both with links that expire."""
