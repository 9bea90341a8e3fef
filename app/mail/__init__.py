"""Letters to people: by the mail server of the settings, if there is one."""
