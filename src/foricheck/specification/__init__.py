"""The specification as pages: every rule, by chapter, by document and by wrong implementation."""
