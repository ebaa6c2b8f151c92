"""What people will need: the course of the epidemic, people by setting, items by rules of use."""
