"""The specification as pages: every rule in full, by chapter, document and wrong implementation."""
