"""Snapshot to figures: land tables, indicators, lineage, traces and disagreements."""
