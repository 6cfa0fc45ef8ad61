"""Start the kernels of notebooks without importing the same libraries in each of them.

One process imports once what the notebooks import from installed packages (never from the book),
and every kernel is a fork of it: a tenth of a second instead of seconds. What a kernel computes
is the same, since each begins from that one state and shares nothing afterwards.

Where this cannot be had (no ``fork`` in the style of Linux, an import that warns), kernels start
as they always do, and nothing else changes.

Run as a script, this module is that process: ``python -P warm_kernels.py MODULE …`` reads one
request a line, and answers each with the process number of a new kernel.
"""

import contextlib
import importlib
import json
import os
import signal
import subprocess
import sys
import threading
import types
import warnings

import traitlets
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner

READY = "ready"
PROVISIONER = "reanalysis-warm"


class WarmKernels:
    """The process that kernels are forks of; to be used as a context manager.

    While the context is open, every kernel that jupyter_client starts in this process without a
    wish of its own about how is a fork.

    Parameters
    ----------
    modules : iterable of str
        Dotted names to import beforehand; those that cannot be imported are left out.
    environment : dict of str to str
        The environment of all kernels.
    """

    def __init__(self, modules, environment):
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            # -P: the folder of this file is no place to import from.
            [sys.executable, "-P", __file__, *sorted(modules)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
            start_new_session=True,  # an interrupt at the keyboard is for the caller
        )
        self._ready = None

    def __enter__(self):
        self._factory = KernelProvisionerFactory.instance()
        self._usual = self._factory.default_provisioner_name
        entry = types.SimpleNamespace(load=lambda: self._provisioner)
        self._factory.provisioners[PROVISIONER] = entry
        self._factory.default_provisioner_name = PROVISIONER
        return self

    def __exit__(self, *exception):
        self._factory.default_provisioner_name = self._usual
        del self._factory.provisioners[PROVISIONER]
        self._process.stdin.close()  # it ends when there is nothing more to read
        self._process.wait()
        self._process.stdout.close()

    def _provisioner(self, **arguments):
        """Make what jupyter_client starts and stops one kernel by."""
        return WarmProvisioner(warm_kernels=self, **arguments)

    def fork(self, arguments, folder):
        """Start a kernel.

        Parameters
        ----------
        arguments : list of str
            What follows the module's name on the command line of a kernel.
        folder : str
            The kernel's working folder.

        Returns
        -------
        int or None
            Its process number; None if forks cannot be had.
        """
        with self._lock:
            if self._ready is None:
                self._ready = self._process.stdout.readline().strip() == READY
            if not self._ready:
                return None
            request = {"arguments": arguments, "folder": folder}
            print(json.dumps(request), file=self._process.stdin, flush=True)
            return int(self._process.stdout.readline())


class WarmProvisioner(LocalProvisioner):
    """Starts one kernel as a fork, and stops it; as usual where it cannot be a fork."""

    warm_kernels = traitlets.Any()

    async def launch_kernel(self, cmd, **kwargs):
        """Start the kernel; `cmd` is how it would be started without the fork."""
        pid = self.warm_kernels.fork(cmd[cmd.index("-f") :], str(kwargs["cwd"]))
        if pid is None:
            return await super().launch_kernel(cmd, **kwargs)
        self.process = ForkedKernel(pid)
        self.pid = self.pgid = pid
        self.cwd = kwargs["cwd"]
        return self.connection_info


class ForkedKernel:
    """A kernel that is no child of this process, as jupyter_client looks at a child.

    How it ended is not known, only that it has: its parent leaves no trace of it.
    """

    stdin = stdout = stderr = None

    def __init__(self, pid):
        self.pid = pid

    def poll(self):
        """Return None while the kernel lives, 0 afterwards."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return 0
        return None

    def wait(self):
        """Return 0: jupyter_client asks only after `poll` has said that it ended."""
        return 0

    def send_signal(self, signum):
        """Send a signal to the kernel."""
        os.kill(self.pid, signum)

    def terminate(self):
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self):
        """End the kernel."""
        self.send_signal(signal.SIGKILL)


def can_fork():
    """Whether kernels can be forks here: macOS forbids it to a process with its frameworks."""
    return sys.platform == "linux"


def serve(modules):
    """Import the modules, then start a kernel for each line that comes in."""
    os.environ["JPY_PARENT_PID"] = str(os.getpid())  # a kernel ends when this process does
    with warnings.catch_warnings(record=True) as caught:
        for name in ("ipykernel.kernelapp", *modules):
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
    if caught:  # the notebook whose import warns has to show it, and to fail
        return
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # a kernel that ended leaves no process behind
    print(READY, flush=True)
    while line := sys.stdin.readline():
        request = json.loads(line)
        pid = os.fork()
        if pid == 0:
            become_kernel(**request)
        print(pid, flush=True)


def become_kernel(arguments, folder):
    """Turn this process into a kernel, and end with it."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)  # the pipe to the parent is not for what a notebook prints
    os.chdir(folder)
    application = importlib.import_module("ipykernel.kernelapp").IPKernelApp
    status = 1
    try:
        application.launch_instance(argv=arguments)
        status = 0
    finally:
        os._exit(status)


if __name__ == "__main__":
    serve(sys.argv[1:])
