"""Figures and claims to documents: forms, footnotes, wording by language, rendering."""
