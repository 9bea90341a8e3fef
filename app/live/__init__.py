"""The supervisor's page, its snapshot for programs, and the screen on the wall."""
