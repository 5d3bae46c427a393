"""The command line: one program, `clearland`, whose commands are those of design section 9."""
