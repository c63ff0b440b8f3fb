"""The processes that run the desk from the queue and the clock, and all that talks to other systems."""
