"""Call-backs: who is still to be called, by whom and until when. They open and close by themselves."""
