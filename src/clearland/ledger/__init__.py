"""The book: tables, the one write path, as-known reads, the hash chain, access scope, layers and snapshots."""
