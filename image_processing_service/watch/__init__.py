"""Workers and the scheduler notice that something in them hangs, and end it.

Supervisor and Compose start a process again when it ends, but not when it hangs.
"""
