"""Running the platform: set-up, serving, health, metrics, logs, backup."""
