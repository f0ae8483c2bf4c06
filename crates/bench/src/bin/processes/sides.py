# The same operations with CPython's multiprocessing. One line in: how many runs; one line out.
import multiprocessing as mp
import sys

case, size, messages, tasks, workers = sys.argv[1], *map(int, sys.argv[2:])
mp.set_start_method("fork")
message = bytes(size)


def nothing():
    pass


def plus_one(number):
    return number + 1


def echo(end):
    try:
        while True:
            end.send_bytes(end.recv_bytes())
    except EOFError:
        pass


def drain(queue, done):
    while True:
        for _ in range(messages):
            if queue.get() is None:
                return
        done.release()


def start():
    process = mp.Process(target=nothing)
    process.start()
    process.join()


def talk():
    here.send_bytes(message)
    here.recv_bytes()


def take():
    with semaphore:
        pass


def fill():
    for _ in range(messages):
        queue.put(message)
    done.acquire()


def share():
    assert sum(pool.map(plus_one, range(tasks), chunksize=1)) == tasks * (tasks + 1) // 2


child = None
if case == "pipe":
    here, there = mp.Pipe()
    child = mp.Process(target=echo, args=(there,), daemon=True)
elif case == "semaphore":
    semaphore = mp.Semaphore(1)
elif case == "queue":
    queue, done = mp.Queue(), mp.Semaphore(0)
    child = mp.Process(target=drain, args=(queue, done), daemon=True)
elif case == "pool":
    pool = mp.Pool(workers)
if child:
    child.start()

once = {"start": start, "pipe": talk, "semaphore": take, "queue": fill, "pool": share}[case]
print("ready", flush=True)
for line in sys.stdin:
    for _ in range(int(line)):
        once()
    print("done", flush=True)
if case == "queue":
    queue.put(None)
if case == "pool":
    pool.terminate()
