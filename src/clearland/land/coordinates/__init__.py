"""Coordinates as people write them, in the system they were written in, and where that is on WGS 84."""
