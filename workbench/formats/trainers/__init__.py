"""What training frameworks leave behind: tables and cards in a folder for each run."""
