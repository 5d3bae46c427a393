"""Which records of different sources may tell of one thing: proposals with a score and reasons, never a decision."""
