"""Rules over one record alone: its attributes and its shape; fast, so that every row of a file passes them."""
