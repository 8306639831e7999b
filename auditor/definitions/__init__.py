"""Definition files in, forms with their compiled rules out; and what such files may say."""
