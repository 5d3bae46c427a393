"""What an IMSMA installation hands over, read into items with their versions: NG databases, maXML files, Core exports."""
