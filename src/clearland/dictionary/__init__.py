"""What a programme can record and compile: kinds, fields, code lists, claim attributes, indicators, report forms."""
