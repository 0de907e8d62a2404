"""The web server: what stands between a connection and Django's threads.

`worker.py` runs the event loop of a process, `connection.py` bounds one connection. `front.py`
receives a request in the event loop, runs Django in a thread once the request is complete, and
sends the answer without a thread. So no thread ever waits for a client. `threads.py` bounds how
many requests wait for a thread.
"""
