"""Lists that others keep: fetched daily, only watched until an admin says otherwise, and never asked in a call's path."""
