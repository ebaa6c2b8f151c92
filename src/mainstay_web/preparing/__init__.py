"""What should stand ready: preparations, their designs, which is in force, and its rotation calendar."""
