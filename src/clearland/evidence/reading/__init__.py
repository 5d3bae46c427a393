"""Documents to passages: text, HTML, PDF and DOCX as blocks with exact character offsets, notes bound to markers."""
