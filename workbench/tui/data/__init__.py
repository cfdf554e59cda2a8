"""The screens of datasets: what there is, its versions and columns, and one column."""
