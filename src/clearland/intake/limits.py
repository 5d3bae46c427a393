"""How much a file may hold before it is opened at all: some uploads are made to exhaust a machine."""

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Sizes in bytes, a ratio without unit, counts. The defaults fit a national programme on a laptop."""

    text_bytes: int = 128 * MIB
    workbook_bytes: int = 128 * MIB
    database_bytes: int = 4096 * MIB
    unpacked_bytes: int = 1024 * MIB
    unpacked_ratio: int = 200
    ratio_counts_from_bytes: int = 4 * MIB
    members: int = 10_000
    sheet_cells: int = 30_000_000
    cell_characters: int = 1_000_000


DEFAULT_LIMITS = Limits()
