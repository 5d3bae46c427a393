"""Reasons of comparisons in the languages of the pages: the same phrases in each file."""
