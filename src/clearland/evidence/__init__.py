"""Documents as evidence: reading them into passages, and passages into claims."""
