"""Planning: it advises, and is tried on what it has not seen."""
