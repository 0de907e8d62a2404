"""Install what the service and its tests need: packages, Node, the web page, a browser."""
