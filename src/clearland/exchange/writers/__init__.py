"""One writer per file format; each takes an `Export` and a path, and says what its format cannot hold."""
