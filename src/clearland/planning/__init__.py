"""What to survey and clear next, from what is known: it advises, with its reasons and its doubts, and releases no land."""
