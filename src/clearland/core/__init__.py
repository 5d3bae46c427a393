"""Units, partial dates, identities, canonical bytes and errors: the ground every other package stands on."""
