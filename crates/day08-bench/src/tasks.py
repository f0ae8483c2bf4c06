import multiprocessing, os, sys, tempfile, threading, time

tasks, size = int(sys.argv[1]), int(sys.argv[2])


def cpu():
    found = 0
    for n in range(1_000_000, 1_000_000 + 400 * size):
        d = 2
        while d * d <= n and n % d:
            d += 1
        found += d * d > n


def io():
    block = b"7" * (64 * 1024)
    with tempfile.TemporaryFile() as file:
        for _ in range(128 * size):
            file.write(block)
        file.seek(0)
        while file.read(len(block)):
            pass


def wait():
    time.sleep(0.02 * size)


def line(task):
    for _ in range(tasks):
        task()


def at_once(kind):
    def run(task):
        started = [kind(target=task) for _ in range(tasks)]
        for one in started:
            one.start()
        for one in started:
            one.join()
            if getattr(one, "exitcode", 0):
                raise SystemExit("a process failed")

    return run


# Forked, as ours are: the other start methods would measure the start of interpreters.
process = multiprocessing.get_context("fork").Process
rows = {"Line": line, "Thread": at_once(threading.Thread), "Process": at_once(process)}
times = {}
for _ in range(3):
    for name, task in (("cpu", cpu), ("IO", io), ("wait", wait)):
        for row, run in rows.items():
            start = time.perf_counter()
            run(task)
            times.setdefault(f"{row} {name}", []).append(time.perf_counter() - start)

# Since 3.13 there are builds that can run without the lock.
gil = getattr(sys, "_is_gil_enabled", lambda: True)()
print(f"Python {sys.version.split()[0]} {'with' if gil else 'without'} its GIL")
for name, found in times.items():
    print(name, sorted(found)[1])
