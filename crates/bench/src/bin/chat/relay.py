# The room as a course's first server has it: one loop; receive, take apart, one sendto per member.
import socket

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 0))
print("listening on %s:%d" % server.getsockname(), flush=True)
members = {}


def tell(text, by):
    for name, address in members.items():
        if name != by:
            server.sendto(text.encode(), address)


while True:
    request, sender = server.recvfrom(1024)
    kind, name, *words = request.decode().split(" ")
    if kind == "L":
        server.sendto(b"OK", sender)
        tell("\n欢迎 %s 进入聊天室" % name, name)
        members[name] = sender
    elif kind == "C":
        tell("\n%s 说:%s" % (name, " ".join(words)), name)
