"""JSON documents and messages: one declaration gives the reader, its errors and the schema."""
