"""Where the simulation studies run: on this machine, or on a Dask cluster."""

import pytest

from reanalysis.execute import run_on


def pytest_addoption(parser):
    parser.addoption("--scheduler", metavar="ADDRESS", help="of a Dask cluster to simulate on")


@pytest.fixture(autouse=True, scope="session")
def machines(request):
    """Every parallel loop of the session goes to the cluster, if there is one."""
    with run_on(request.config.getoption("--scheduler")):
        yield
