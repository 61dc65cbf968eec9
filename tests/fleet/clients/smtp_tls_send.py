"""Sends the message on standard input with smtplib inside TLS: HOST PORT SENDER RECIPIENT CAFILE starttls|implicit."""
import smtplib
import ssl
import sys

host, port, sender, recipient, authority, mode = sys.argv[1:7]
message = sys.stdin.buffer.read()
context = ssl.create_default_context(cafile=authority)
if mode == "implicit":
    client = smtplib.SMTP_SSL(host, int(port), timeout=20, context=context)
else:
    client = smtplib.SMTP(host, int(port), timeout=20)
    client.starttls(context=context)
client.sendmail(sender, [recipient], message, mail_options=["BODY=8BITMIME"])
print("250 sent")
client.quit()
