"""A programme that comes back."""
