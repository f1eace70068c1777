"""The living gallery: every component with real parameters, in every state. Shown where COMPONENT_GALLERY says so."""
