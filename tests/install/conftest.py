from install_tools import tool  # noqa: F401  (a fixture)
