"""Tables and layers of other systems to drafts for the ledger: read, map, plan; nothing here writes."""
