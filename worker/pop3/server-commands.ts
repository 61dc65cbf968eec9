import { encodeCommand, isMultiLine, type Pop3Command } from "#core/pop3/command.ts";
import type { Transition } from "#core/pop3/states.ts";
import { encodeStatusLine, type StatusLine } from "#core/pop3/status-line.ts";
import type { Pop3Connection } from "../upstream/pop3-connection.ts";
import { statusSink } from "../upstream/status-sink.ts";
import type { Conversation } from "./conversation.ts";
import { Listing, languageLine } from "./listing.ts";
import { Mailbox } from "./mailbox.ts";
import { shownStatus } from "./shown-status.ts";

/** Commands of a session that its server answers, one at a time; those of the mailbox are answered as its client is to see it. */
export class ServerCommands {
  readonly #session: Conversation;
  readonly #upstream: Pop3Connection;
  #mailbox: Mailbox | null = null;
  #languages: Listing | null = null;
  #isQuitting = false;

  constructor(session: Conversation, upstream: Pop3Connection) {
    this.#session = session;
    this.#upstream = upstream;
  }

  /** The server was told that the client has finished. */
  get isQuitting(): boolean {
    return this.#isQuitting;
  }

  /** What the client has of the answer under way. */
  get answer(): "none" | "partial" | "whole" {
    return this.#languages?.answer ?? this.#mailbox?.answer ?? "none";
  }

  run(command: Pop3Command, step: Transition): void {
    const session = this.#session;
    switch (command.verb) {
      case "STAT":
      case "LIST":
      case "UIDL":
      case "RETR":
      case "TOP":
      case "DELE":
      case "RSET":
        this.#mailbox ??= this.#open();
        return this.#mailbox.run(command);
      case "QUIT":
        this.#isQuitting = true;
        return this.#ask(command, (status) => {
          session.record.ends("quit");
          session.finish(encodeStatusLine(shownStatus(session.settings, "QUIT", status)));
        });
      case "LANG":
        if (isMultiLine(command)) return this.#listLanguages(command);
    }
    this.#ask(command, (status) => {
      session.state = status.ok ? step.ok : step.err;
      session.subject.utf8 ||= status.ok && command.verb === "UTF8";
      session.pass(command.verb, status);
    });
  }

  /** The session is over. */
  abort(cause: string): void {
    this.#mailbox?.abort(cause);
  }

  #ask(command: Pop3Command, done: (status: StatusLine) => void): void {
    this.#upstream.request(encodeCommand(command), false, statusSink(done));
  }

  /** The mailbox that the client logged in to. */
  #open(): Mailbox {
    const session = this.#session;
    const { route, user } = session.login;
    return new Mailbox({
      session,
      upstream: this.#upstream,
      route: route?.name ?? "",
      user,
      utf8: session.subject.utf8,
      withheld: () => session.record.withheld(),
      done: () => session.done(),
      fault: (error) => session.crash(error),
    });
  }

  #listLanguages(command: Extract<Pop3Command, { verb: "LANG" }>): void {
    this.#languages = new Listing({
      client: this.#session.client,
      upstream: this.#upstream,
      accepts: (line) => languageLine.test(line),
      done: () => {
        this.#languages = null;
        this.#session.done();
      },
      fail: (reason) => this.#session.lost(reason),
    });
    this.#upstream.request(encodeCommand(command), true, this.#languages);
  }
}
