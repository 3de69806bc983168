"""Linear algebra on one thread, whatever was loaded before."""

import os
import subprocess
import sys

ASK = """
from corridors.numerics.blas import one_blas_thread
import numpy, scipy.linalg, threadpoolctl
with one_blas_thread():
    print({lib["num_threads"] for lib in threadpoolctl.threadpool_info() if lib["user_api"] == "blas"})
"""


def test_libraries_that_load_after_the_module_are_held_to_one_thread_too():
    # In a process of its own: here NumPy and SciPy are loaded already.
    env = os.environ | {"OPENBLAS_NUM_THREADS": "2"}
    done = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True, env=env)
    assert done.stdout.strip() == "{1}"
