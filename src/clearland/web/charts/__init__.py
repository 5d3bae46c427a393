"""Charts: one theme, drawn on the server as SVG whose bars are links to figures."""
