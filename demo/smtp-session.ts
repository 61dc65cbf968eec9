import type { Socket } from "node:net";
import { DotDecoder } from "#core/bytes/dot-decoder.ts";
import { LineReader } from "#core/bytes/line-reader.ts";
import { type Command, readCommand } from "#core/smtp/command.ts";
import type { Mailboxes } from "./mailboxes.ts";

const commandBytesMax = 2048;
const bodyLineBytesMax = 1_000_000;
export const demoMessageBytesMax = 64 * 1024 * 1024;

const hello = [
  "demo.postern.invalid",
  "PIPELINING",
  `SIZE ${demoMessageBytesMax}`,
  "8BITMIME",
  "ENHANCEDSTATUSCODES",
  "SMTPUTF8",
  "DSN",
];

/** One SMTP client of the demo mail server: takes every recipient and delivers into its mailbox. */
export class DemoSmtpSession {
  readonly #socket: Socket;
  readonly #mailboxes: Mailboxes;
  readonly #lines = new LineReader(commandBytesMax);
  #greeted = false;
  #sender: string | null = null;
  #recipients: string[] = [];
  #body: { decoder: DotDecoder; slices: Uint8Array[] } | null = null;

  constructor(socket: Socket, mailboxes: Mailboxes) {
    this.#socket = socket;
    this.#mailboxes = mailboxes;
    socket.on("data", (chunk: Buffer) => this.#read(chunk));
    socket.on("error", () => socket.destroy());
    this.#reply("220 demo.postern.invalid ESMTP Postern demo mail server");
  }

  #read(chunk: Uint8Array): void {
    let rest = chunk;
    while (rest.length > 0 && this.#socket.writable) {
      if (this.#body !== null) {
        rest = rest.subarray(this.#body.decoder.write(rest));
        if (this.#body.decoder.ended) this.#deliver(this.#body);
        continue;
      }
      this.#lines.push(rest);
      rest = new Uint8Array(0);
      for (let line = this.#lines.next(); line !== null; line = this.#lines.next()) {
        if (line.fault === null) this.#command(line.bytes);
        else this.#reply("500 5.5.2 Line not understood");
        if (this.#body === null) continue;
        rest = this.#lines.takeRest();
        break;
      }
    }
  }

  #command(line: Uint8Array): void {
    const read = readCommand(line);
    if (read.ok) this.#obey(read.command);
    else this.#reply("500 5.5.2 Command not understood");
  }

  #obey(command: Command): void {
    switch (command.verb) {
      case "EHLO":
        this.#hello(hello.map((text, at) => `250${at === hello.length - 1 ? " " : "-"}${text}`).join("\r\n"));
        break;
      case "HELO":
        this.#hello("250 demo.postern.invalid");
        break;
      case "MAIL":
        if (!this.#greeted || this.#sender !== null) this.#reply("503 5.5.1 Bad sequence of commands");
        else {
          this.#sender = command.sender?.address ?? "";
          this.#reply("250 2.1.0 Sender ok");
        }
        break;
      case "RCPT":
        if (this.#sender === null) this.#reply("503 5.5.1 Bad sequence of commands");
        else {
          this.#recipients.push(command.recipient.address);
          this.#reply("250 2.1.5 Recipient ok");
        }
        break;
      case "DATA":
        this.#data();
        break;
      case "RSET":
        this.#reset();
        this.#reply("250 2.0.0 Ok");
        break;
      case "NOOP":
      case "HELP":
        this.#reply("250 2.0.0 Ok");
        break;
      case "VRFY":
      case "EXPN":
        this.#reply("252 2.1.5 Send some mail, I'll try my best");
        break;
      case "QUIT":
        this.#socket.end("221 2.0.0 Bye\r\n");
        break;
      default:
        this.#reply("502 5.5.1 Not implemented");
    }
  }

  #hello(text: string): void {
    this.#greeted = true;
    this.#reset();
    this.#reply(text);
  }

  #data(): void {
    if (this.#recipients.length === 0) {
      this.#reply("503 5.5.1 Bad sequence of commands");
      return;
    }
    const slices: Uint8Array[] = [];
    const keep = (slice: Uint8Array): void => {
      if (decoder.decodedBytes <= demoMessageBytesMax) slices.push(slice);
    };
    const decoder = new DotDecoder(bodyLineBytesMax, { text: keep, stuffedDot: () => undefined });
    this.#body = { decoder, slices };
    this.#reply("354 End data with <CR><LF>.<CR><LF>");
  }

  #deliver({ decoder, slices }: { decoder: DotDecoder; slices: Uint8Array[] }): void {
    this.#body = null;
    const recipients = this.#recipients;
    this.#reset();
    if (decoder.fault !== null) this.#reply(`554 5.6.0 Not a mail message: ${decoder.fault}`);
    else if (decoder.decodedBytes > demoMessageBytesMax) this.#reply("552 5.3.4 Message too large");
    else {
      const bytes = Buffer.concat(slices);
      for (const recipient of recipients) this.#mailboxes.deliver(recipient, bytes);
      this.#reply("250 2.0.0 Delivered to the demo mailbox");
    }
  }

  #reset(): void {
    this.#sender = null;
    this.#recipients = [];
  }

  #reply(text: string): void {
    this.#socket.write(`${text}\r\n`);
  }
}
