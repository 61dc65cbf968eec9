"""Fetches a mailbox with poplib: HOST PORT USER PASSWORD SECURITY(clear|stls|implicit) AUTHORITY LOGIN(user|apop) KEEP(keep|delete) SEEN OUT.
Messages that are not in the file SEEN (one UIDL a line) are written to the folder OUT, and noted there."""
import os
import poplib
import ssl
import sys

host, port, user, password, security, authority, login, keep, seen_file, out = sys.argv[1:11]
# A line of a message may be longer than poplib's own 2,048 bytes.
poplib._MAXLINE = 1 << 20
context = None if security == "clear" else ssl.create_default_context(cafile=authority)
if security == "implicit":
    client = poplib.POP3_SSL(host, int(port), timeout=60, context=context)
else:
    client = poplib.POP3(host, int(port), timeout=60)
if security == "stls":
    client.stls(context)
if login == "apop":
    client.apop(user, password)
else:
    client.user(user)
    client.pass_(password)

seen = set()
if os.path.exists(seen_file):
    with open(seen_file) as file:
        seen = set(file.read().split())
for line in client.uidl()[1]:
    number, unique_id = line.decode().split(" ", 1)
    if unique_id in seen:
        continue
    with open(os.path.join(out, number.zfill(9)), "wb") as file:
        for text in client.retr(int(number))[1]:
            file.write(text + b"\r\n")
    seen.add(unique_id)
    if keep == "delete":
        client.dele(int(number))
client.quit()
with open(seen_file, "w") as file:
    file.write("\n".join(sorted(seen)))
