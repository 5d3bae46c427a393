"""The demonstration programme: published figures as claims, and a synthetic nation on the open ocean."""
