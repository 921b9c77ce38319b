"""Bodies as instructions over leaves of any dtype and shape."""
