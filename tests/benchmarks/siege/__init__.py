"""Is everyone who is known served, however many come, and however many strangers stand in the door?"""
