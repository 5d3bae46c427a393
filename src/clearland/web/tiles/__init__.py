"""Vector tiles: what the map asks for while it moves."""
