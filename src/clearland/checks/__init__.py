"""Validation rules: pure functions from plain rows and the partition of land to findings that lead to a record."""
