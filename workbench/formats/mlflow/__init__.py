"""MLflow's stores, file and SQLite, with what is logged and registered in them."""
