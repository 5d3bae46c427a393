"""The generated country of the laws: the same that the bench measures (`clearland.work.bench.nation`)."""

from clearland.work.bench.nation import DISTRICTS, OPERATORS, PLANE, SPACING_M, TYPES, Nation, nation

__all__ = ["DISTRICTS", "OPERATORS", "PLANE", "SPACING_M", "TYPES", "Nation", "nation"]
