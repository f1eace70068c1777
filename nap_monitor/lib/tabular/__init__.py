"""Tables as files: writing workbooks and CSV that no program takes for anything but data, reading workbooks that
anybody may have sent. Nothing here knows what the tables are about.
"""
