"""Support measures asked for and granted, what they unlocked, and arrears owed to small firms."""
