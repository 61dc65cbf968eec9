"""Runs one POP3 session with poplib: HOST PORT USER PASSWORD, then steps as JSON on standard input.
A step is ["list"], ["uidl"], ["stat"], ["retr", n], ["top", n, lines], ["dele", n], ["rset"], ["noop"], ["quit"] or ["drop"].
Prints a JSON list of answers: bytes as latin-1 text, an error reply as {"error": text}."""
import json
import poplib
import sys

host, port, user, password, login = sys.argv[1:6]
client = poplib.POP3(host, int(port), timeout=20)


def lines(answer):
    return b"".join(line + b"\r\n" for line in answer[1]).decode("latin-1")


def run(name, *numbers):
    if name in ("list", "uidl") and not numbers:
        return [line.decode() for line in getattr(client, name)()[1]]
    if name in ("retr", "top"):
        return lines(getattr(client, name)(*numbers))
    if name == "drop":
        client.close()
        return ""
    answer = getattr(client, name)(*numbers)
    return list(answer) if name == "stat" else answer.decode("latin-1")


answers = []
try:
    if login == "apop":
        client.apop(user, password)
    else:
        client.user(user)
        client.pass_(password)
    answers.append(sorted(client.capa()))
    for step in json.load(sys.stdin):
        try:
            answers.append(run(*step))
        except poplib.error_proto as error:
            answers.append({"error": str(error)})
except poplib.error_proto as error:
    answers.append({"error": str(error)})
print(json.dumps(answers))
