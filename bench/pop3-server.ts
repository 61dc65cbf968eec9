import { createServer, type Socket } from "node:net";
import { shapeOfUser } from "./pop3-shape.ts";

// A POP3 server that has every mailbox in memory, ready for the wire: what is behind the proxies of a POP3 benchmark.

type Mailbox = { stat: string; list: string; messages: number; answer: Buffer };
const mailboxes = new Map<string, Mailbox>();

/** A mailbox of the shape that the user's name says; all its messages are the same. */
function mailboxOf(user: string): Mailbox {
  const known = mailboxes.get(user);
  if (known !== undefined) return known;
  const { bytes, messages } = shapeOfUser(user);
  const header = ["From: a@sender.test", "To: user@inside.test", "Subject: bench", "Message-ID: <bench@sender.test>"];
  const top = `${[...header, "Date: Fri, 27 Nov 2026 20:00:00 +0000", "MIME-Version: 1.0"].join("\r\n")}\r\n\r\n`;
  const line = `${"x".repeat(70)}\r\n`;
  const text = `${top}${line.repeat(Math.ceil((bytes - top.length) / line.length))}`;

  const mailbox = {
    stat: `+OK ${messages} ${text.length * messages}\r\n`,
    list: listing(messages, () => String(text.length)),
    messages,
    answer: Buffer.from(`+OK ${text.length} octets\r\n${text}.\r\n`, "latin1"),
  };
  mailboxes.set(user, mailbox);
  return mailbox;
}

function listing(messages: number, each: (n: number) => string): string {
  const lines = Array.from({ length: messages }, (_, index) => `${index + 1} ${each(index + 1)}\r\n`);
  return `+OK\r\n${lines.join("")}.\r\n`;
}

let sessions = 0;

function serve(socket: Socket): void {
  // What one session fetches and deletes no other has seen.
  sessions++;
  const serial = sessions;
  let unread = "";
  let user = "";
  socket.setNoDelay(true);
  socket.on("error", () => socket.destroy());
  socket.write("+OK ready\r\n");
  const answer = (line: string): string | Buffer => {
    const [verb = "", argument = ""] = line.split(" ");
    switch (verb.toUpperCase()) {
      case "USER":
        user = argument;
        return "+OK\r\n";
      case "STAT":
        return mailboxOf(user).stat;
      case "LIST":
        return mailboxOf(user).list;
      case "UIDL":
        return listing(mailboxOf(user).messages, (n) => `${process.pid}-${serial}-${n}`);
      case "RETR":
        return mailboxOf(user).answer;
      case "CAPA":
        return "+OK\r\nUSER\r\nTOP\r\nUIDL\r\nPIPELINING\r\n.\r\n";
      default:
        return "+OK\r\n";
    }
  };
  socket.on("data", (chunk) => {
    unread += chunk.toString("latin1");
    socket.cork();
    for (let end = unread.indexOf("\r\n"); end !== -1; end = unread.indexOf("\r\n")) {
      const line = unread.slice(0, end);
      unread = unread.slice(end + 2);
      socket.write(answer(line));
      if (/^QUIT$/i.test(line)) socket.end();
    }
    socket.uncork();
  });
}

createServer(serve).listen(Number(process.argv[2]), "127.0.0.1");
