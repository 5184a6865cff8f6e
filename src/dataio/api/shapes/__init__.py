"""What goes in and out under ``/api/v1``: pydantic models, each with its documentation and example."""
