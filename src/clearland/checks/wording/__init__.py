"""What rules say, by language: a statement per rule, a sentence and a remedy per code; the same phrases in each."""
