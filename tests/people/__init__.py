"""People of a site."""
