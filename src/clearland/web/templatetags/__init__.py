"""Template tags: figures as links, numbers and dates in the reader's language."""
