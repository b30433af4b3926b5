"""The pages: what people see and do in a browser. Only the service and the commands import them."""
