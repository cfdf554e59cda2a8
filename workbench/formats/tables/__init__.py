"""Tables of metrics, CSV and JSON lines, whoever wrote them: followed in pieces while they grow."""
