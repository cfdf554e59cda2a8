"""MLflow's stores, read as MLflow's own client reads them."""
