"""Sends the message on standard input with smtplib: HOST PORT SENDER RECIPIENT. Prints code and text of the last reply."""
import smtplib
import sys

host, port, sender, recipient = sys.argv[1:5]
message = sys.stdin.buffer.read()
client = smtplib.SMTP(host, int(port), timeout=20)
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
