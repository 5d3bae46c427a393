"""From polygons to square metres: area, repair, whose ground it is, what releases it, and the balance. All pure."""
