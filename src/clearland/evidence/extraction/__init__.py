"""From passages of a document to proposed claims, each with the characters it was read from."""
