"""One module per family of file formats; `dispatch.read_tables` chooses by content, never by the file's name alone."""
