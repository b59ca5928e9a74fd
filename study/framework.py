"""framework.py: the library rows as a framework's users would time them: torch.utils.benchmark around
torch.matmul and conv2d on the same shapes and layouts, TF32 off. It goes through Python and the
framework's own choice of algorithm. Also what its host needs to queue a call, by wall clock.

    python3 framework.py OUT.csv PROBLEMS.txt     the last line on stdout says which versions ran
"""
import re
import sys
import time

import torch
import torch.nn.functional as functional
from torch.utils import benchmark

DTYPE = {"f32": torch.float32, "bf16": torch.bfloat16, "f16": torch.float16, "f64": torch.float64}
MIN_RUN_S = 0.2
ENQUEUED = 64
ENQUEUE_SAMPLES, ENQUEUE_S = 15, 0.3


def uniform(shape, dtype):
    return torch.empty(shape, device="cuda", dtype=torch.float32).uniform_(-1, 1).to(dtype)


def gemm(dtype, layout, words):
    """C = op(A) op(B); a transposed operand is stored the other way round and seen transposed."""
    if len(words) != 1:
        return None  # alpha, beta, leading dimensions
    m, n, k = (int(x) for x in words[0].split("x"))
    a = uniform((k, m), dtype).t() if layout[0] == "t" else uniform((m, k), dtype)
    b = uniform((n, k), dtype).t() if layout[1] == "t" else uniform((k, n), dtype)
    return lambda: torch.matmul(a, b)


def conv2d(dtype, layout, words):
    n, c, h, w = (int(x) for x in words[0].split("x"))
    k = int(words[1][1:])
    r, s = (int(x) for x in words[2].split("x"))
    option = {"stride": 1, "pad": 0, "dil": 1, "groups": 1}
    for word in words[3:]:
        match = re.fullmatch(r"([a-z]+)(\d+)", word)
        if not match or match[1] not in option:
            return None
        option[match[1]] = int(match[2])
    memory = torch.channels_last if layout == "nhwc" else torch.contiguous_format
    x = uniform((n, c, h, w), dtype).to(memory_format=memory)
    weight = uniform((k, c // option["groups"], r, s), dtype).to(memory_format=memory)
    return lambda: functional.conv2d(x, weight, None, option["stride"], option["pad"],
                                     option["dil"], option["groups"])


OPS = {"gemm": (gemm, "gemm_cublas"), "conv2d": (conv2d, "conv2d_cudnn")}


def enqueue_us(call):
    torch.cuda.synchronize()
    start = time.perf_counter()
    for _ in range(ENQUEUED):
        call()
    spent = time.perf_counter() - start
    torch.cuda.synchronize()
    return 1e6 * spent / ENQUEUED


def enqueue_samples(call):
    """A few, or as many as fit into the time: a call of some ms runs ENQUEUED times in each."""
    start = time.perf_counter()
    us = [enqueue_us(call)]
    while len(us) < ENQUEUE_SAMPLES and time.perf_counter() - start < ENQUEUE_S:
        us.append(enqueue_us(call))
    return us


def row(out, problem, impl, method, us):
    us = torch.tensor(us, dtype=torch.float64)
    low, mid, high = (torch.quantile(us, q).item() for q in (0.05, 0.5, 0.95))
    out.write(f"{problem},{impl},{method},{len(us)},{mid:.4f},{low:.4f},{high:.4f},\n")
    out.flush()


def main():
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
    with open(sys.argv[2], encoding="utf-8") as file:
        problems = file.read().splitlines()
    with open(sys.argv[1], "w", encoding="utf-8") as out:
        out.write("problem,impl,method,n,median_us,p05_us,p95_us,sm_mhz\n")
        for problem in problems:
            op, precision, layout, *words = problem.split()
            if op not in OPS or precision not in DTYPE:
                continue
            make, impl = OPS[op]
            call = make(DTYPE[precision], layout, words)
            if call is None:
                continue
            for _ in range(10):
                call()
            timer = benchmark.Timer("call()", globals={"call": call})
            times = timer.blocked_autorange(min_run_time=MIN_RUN_S).times
            row(out, problem, impl, "torch", [1e6 * t for t in times])
            row(out, problem, impl, "torch_enqueue", enqueue_samples(call))
    print(f"torch {torch.__version__}, CUDA {torch.version.cuda}, "
          f"cuDNN {torch.backends.cudnn.version()}")


main()
