"""The workbook of a body in a round: all its submissions on a few sheets, to be filled in and sent back."""
