"""Servers that speak S3's protocol, on real sockets, each in a process of its own."""
