"""The report as files that people go on working with: one tree of blocks, read from what is printed; its writers."""
