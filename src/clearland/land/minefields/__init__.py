"""Minefield records: polygons from legs for each datum and north that may apply, and how well the ground agrees."""
