"""Sends the message on standard input with smtplib. Prints code and text of the last reply."""
import argparse
import smtplib
import ssl
import sys

parser = argparse.ArgumentParser()
for name in ("host", "port", "sender", "recipient"):
    parser.add_argument(name)
parser.add_argument("--tls", nargs=2, default=(None, None), metavar=("starttls|implicit", "CAFILE"))
parser.add_argument("--login", nargs=3, metavar=("MECHANISM", "USER", "PASSWORD"))
options = parser.parse_args()
(mode, authority), recipient = options.tls, options.recipient
message = sys.stdin.buffer.read()
context = ssl.create_default_context(cafile=authority)
if mode == "implicit":
    client = smtplib.SMTP_SSL(options.host, int(options.port), timeout=20, context=context)
else:
    client = smtplib.SMTP(options.host, int(options.port), timeout=20)
if mode == "starttls":
    client.starttls(context=context)
if options.login is not None:
    mechanism, client.user, client.password = options.login
    client.ehlo()
    steps = {"PLAIN": client.auth_plain, "LOGIN": client.auth_login, "CRAM-MD5": client.auth_cram_md5}
    client.auth(mechanism, steps[mechanism])
try:
    client.sendmail(options.sender, [recipient], message, mail_options=["BODY=8BITMIME"])
    print("250 sent")
except smtplib.SMTPRecipientsRefused as refused:
    code, text = refused.recipients[recipient]
    print(code, text.decode())
except smtplib.SMTPResponseException as refused:
    print(refused.smtp_code, refused.smtp_error.decode())
finally:
    client.quit()
