"""JSON documents that foricheck has written, read back; what is wrong with one is one line."""
