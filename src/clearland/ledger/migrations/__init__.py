"""Migrations of the programme database."""
