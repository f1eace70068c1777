"""Sample data: composed from the texts in ``fixtures/sample``, played through the real services."""
