"""dkimpy as a peer. `verify KEYS.json`: judges the message on standard input. `sign KEYFILE ALGORITHM`: prints it with a signature and an ARC set."""
import json
import sys

import dkim

command, *arguments = sys.argv[1:]
message = sys.stdin.buffer.read()
if command == "verify":
    with open(arguments[0], encoding="utf-8") as file:
        keys = json.load(file)

    def text(name, timeout=5):
        return keys.get(name.decode().rstrip("."), "").encode()

    def passes(index):
        try:
            return bool(dkim.DKIM(message).verify(idx=index, dnsfunc=text))
        except dkim.DKIMException:
            return False

    header = message.split(b"\r\n\r\n")[0].lower().split(b"\r\n")
    count = sum(line.startswith(b"dkim-signature:") for line in header)
    signatures = [passes(index) for index in range(count)]
    chain, _, _ = dkim.arc_verify(message, dnsfunc=text)
    print(json.dumps({"dkim": signatures, "arc": chain.decode()}))
else:
    with open(arguments[0], "rb") as file:
        key = file.read()
    algorithm = arguments[1].encode()
    field = dkim.sign(message, b"s1", b"a.test", key, canonicalize=(b"relaxed", b"relaxed"), signature_algorithm=algorithm)
    signed = field + message
    if algorithm == b"rsa-sha256":
        fields = dkim.arc_sign(signed, b"s1", b"a.test", key, b"gate.test")
        signed = b"".join(fields) + signed
    sys.stdout.buffer.write(signed)
