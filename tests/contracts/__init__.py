"""One class per seam; every implementation keeps the same promises."""
