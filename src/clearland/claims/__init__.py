"""What somebody says in a source, and how two sayings compare. Pure: no database, no files."""
