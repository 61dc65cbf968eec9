"""Sends the message on standard input with smtplib: HOST PORT SENDER RECIPIENT [starttls|implicit CAFILE].

Prints code and text of the last reply.
"""
import smtplib
import ssl
import sys

host, port, sender, recipient = sys.argv[1:5]
mode, authority = sys.argv[5:7] if len(sys.argv) > 5 else (None, None)
message = sys.stdin.buffer.read()
context = ssl.create_default_context(cafile=authority)
if mode == "implicit":
    client = smtplib.SMTP_SSL(host, int(port), timeout=20, context=context)
else:
    client = smtplib.SMTP(host, int(port), timeout=20)
if mode == "starttls":
    client.starttls(context=context)
try:
    client.sendmail(sender, [recipient], message, mail_options=["BODY=8BITMIME"])
    print("250 sent")
except smtplib.SMTPRecipientsRefused as refused:
    code, text = refused.recipients[recipient]
    print(code, text.decode())
except smtplib.SMTPResponseException as refused:
    print(refused.smtp_code, refused.smtp_error.decode())
finally:
    client.quit()
