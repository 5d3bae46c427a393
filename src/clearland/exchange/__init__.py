"""Ledger to files and back: exports for an audience, XLSForms, signed bundles between programmes."""
