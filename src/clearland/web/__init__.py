"""The web site of a programme: pages, map tiles and charts. Reads through `ledger.rows` and `ledger.snapshot` only."""
