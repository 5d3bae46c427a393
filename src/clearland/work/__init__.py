"""Use cases that pages, API and command line share: one permission check, one transaction, one receipt."""
