"""Stories: a scripted course of days that the platform lives through, by the same acts that pages and programs use."""
