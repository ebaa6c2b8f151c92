"""What each sees first, and the frame of all pages."""
