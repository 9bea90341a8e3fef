"""Where a running call goes on, one file for each kind of step."""
