"""The suite on trial: what it catches, and what it lets pass."""
