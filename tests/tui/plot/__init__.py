"""Charts over many runs on the screen."""
