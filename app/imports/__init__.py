"""Lists of numbers out of files: decoded, cut into cells, read as entries, checked and merged in one commit."""
