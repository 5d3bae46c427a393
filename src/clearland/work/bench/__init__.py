"""Measured work: each module is one job that runs in a process of its own, beside a peer that does the same."""
