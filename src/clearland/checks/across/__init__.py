"""Rules over several records: on everything that counted on one date, on demand."""
