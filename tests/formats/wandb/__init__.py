"""The reader of Weights & Biases folders."""
