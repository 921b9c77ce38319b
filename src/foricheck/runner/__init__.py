"""Worker processes, and what survives a target that dies."""
