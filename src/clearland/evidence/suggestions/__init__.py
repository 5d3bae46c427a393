"""Claims that a language model proposes: off unless somebody names one, and refused where they quote what is not there."""
