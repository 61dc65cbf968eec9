import type { Pop3Route } from "#core/contract/policy-document.ts";
import { type ResponseCode, responseCode, type StatusLine } from "#core/pop3/status-line.ts";
import { decodeName } from "#core/pop3/wire-text.ts";
import { shortLived } from "../net/short-lived.ts";
import type { GoverningPolicy } from "../services.ts";
import type { Pop3Attempt, Pop3Contact } from "../upstream/pop3-contact.ts";
import { loginWithCredential, loginWithPassword } from "../upstream/pop3-login.ts";
import { statusSink } from "../upstream/status-sink.ts";
import type { Conversation } from "./conversation.ts";
import { RelayedAuth } from "./relayed-auth.ts";
import type { ToldLogin } from "./told-login.ts";

/** Where a login led. */
export type ChosenMailbox = { contact: Pop3Contact; route: Pop3Route; user: string };

/**
 * in: the mailbox is open. wrong: as with a wrong password, whatever it was. unavailable: the login says nothing about user and secret.
 * `cause`: for the administrators.
 */
export type ChosenEnd =
  | { kind: "in"; mailbox: ChosenMailbox }
  | { kind: "wrong"; cause: string }
  | { kind: "unavailable"; code: ResponseCode; text: string; cause: string };

/** The route that every login under the policy takes to a server that checks it; null: it hangs on who logs in. */
export function fixedRoute({ policy }: GoverningPolicy): Pop3Route | null {
  const { fixed } = policy.logins;
  return fixed?.protocol === "pop3" && fixed.bridge === undefined ? fixed : null;
}

type Place = { route: Pop3Route; user: string };

/**
 * A login whose server is known only once its user is: by the policy's routes, by the server that the client names behind the user, or
 * through a bridge. `done` is called once, unless `cancel` was. What the client said is kept no longer than the server is asked.
 */
export class ChosenLogin {
  readonly #session: Conversation;
  readonly #done: (end: ChosenEnd) => void;
  #attempt: Pop3Attempt | null = null;
  #contact: Pop3Contact | null = null;
  #over = false;

  constructor(session: Conversation, done: (end: ChosenEnd) => void) {
    this.#session = session;
    this.#done = shortLived((end) => this.#guarded(() => done(end)));
  }

  begin(told: ToldLogin): void {
    const { governing, admission } = this.#session;
    const named = decodeName(told.user);
    const chosen = governing.policy.logins.routeOf(named);
    if (chosen === null) return this.#wrong("the client named a server that it may not choose");
    const { route } = chosen;
    if (route.protocol !== "pop3") throw new Error(`route ${route.name} is not a POP3 route`);
    const password = told.kind === "password" ? told.password : "";
    const bridged = admission.services.bridge.find(route, { user: chosen.user, password });
    if (bridged.kind === "wrong") return this.#wrong("the bridge knows no such login");
    if (bridged.kind === "unavailable") return this.#unavailable(bridged.cause);
    const place = { route, user: chosen.user };
    this.#connect(place, (contact) => {
      if (bridged.kind === "bridged") {
        // The client's own password was right: what the server says of ours is no business of the client.
        return loginWithCredential(contact, bridged.login, (failure) =>
          failure === null ? this.#in(place) : this.#unavailable(failure),
        );
      }
      if (told.kind === "token") {
        return this.#relay(place, told.mechanism, withUser(told.message, named, chosen.user), contact);
      }
      // Whether it goes there in the clear is the route's to say.
      const login = { user: withoutServer(told.user, named, chosen.user), password, clearText: true };
      loginWithPassword(contact, login, (failure, said) => this.#answered(place, failure, said));
    });
  }

  /** The session is over, or does without. May be called twice. */
  cancel(): void {
    this.#over = true;
    this.#attempt?.cancel();
    this.#contact?.connection.destroy();
    this.#contact = null;
  }

  #connect({ route }: Place, then: (contact: Pop3Contact) => void): void {
    const { admission, limits } = this.#session;
    this.#attempt = admission.services.pop3Servers.connect(route, limits, (reasons, contact) => {
      if (this.#over) return contact?.connection.destroy();
      if (contact === null) return this.#unavailable(`no mailbox server: ${reasons.join("; ")}`);
      this.#contact = contact;
      contact.connection.onLost = shortLived((reason) => this.#unavailable(reason));
      contact.connection.onFault = shortLived((error) => this.#session.crash(error));
      this.#guarded(() => this.#repeat(contact, () => then(contact)));
    });
  }

  /** Who calls back knows nothing of the session: what fails there is the session's alone. */
  #guarded(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#session.crash(error);
    }
  }

  /** What the client had said before there was a server. */
  #repeat({ connection }: Pop3Contact, then: () => void): void {
    if (!this.#session.subject.utf8) return then();
    const heard = ({ ok }: StatusLine): void => {
      if (ok) then();
      else this.#unavailable("the server does not take UTF8, which the client has asked for");
    };
    connection.request("UTF8\r\n", false, statusSink(heard));
  }

  #relay(place: Place, mechanism: string, message: string, contact: Pop3Contact): void {
    const auth = new RelayedAuth({
      session: this.#session,
      upstream: contact.connection,
      mechanism,
      named: () => null,
      unnamed: (cause) => () => this.#wrong(cause),
      done: (end) => {
        if (end.kind === "refused") return end.refused();
        if (end.kind !== "status") return this.#wrong("the exchange was given up");
        const { ok, text } = end.status;
        this.#answered(
          place,
          ok ? null : `the login by ${mechanism} was refused: -ERR ${text}`,
          ok ? null : end.status,
        );
      },
    });
    auth.begin({ verb: "AUTH", mechanism, initial: message });
  }

  #answered(place: Place, failure: string | null, said: StatusLine | null): void {
    if (failure === null) return this.#in(place);
    const code = said === null ? "SYS/TEMP" : responseCode(said.text);
    if (code === null || code === "AUTH" || code === "UTF8") this.#wrong(failure);
    else this.#unavailable(failure, code);
  }

  #in({ route, user }: Place): void {
    const contact = this.#contact;
    if (this.#over || contact === null) return;
    this.#over = true;
    this.#done({ kind: "in", mailbox: { contact, route, user } });
  }

  #wrong(cause: string): void {
    this.#end({ kind: "wrong", cause });
  }

  /** RFC 3206 §4: a client must not take this for a wrong password. */
  #unavailable(cause: string, code: ResponseCode = "SYS/TEMP"): void {
    this.#end({ kind: "unavailable", code, text: unavailableTexts[code] ?? "The mailbox cannot be opened now", cause });
  }

  #end(end: ChosenEnd): void {
    if (this.#over) return;
    this.cancel();
    this.#done(end);
  }
}

const unavailableTexts: Partial<Record<ResponseCode, string>> = {
  "IN-USE": "The mailbox is in use",
  "LOGIN-DELAY": "The mailbox was opened a moment ago",
  "SYS/PERM": "The mailbox cannot be opened",
};

/** The user as the server hears it, one character a byte. A separator is ASCII: what stands before it is the same in bytes. */
function withoutServer(raw: string, named: string, user: string): string {
  if (named.length === user.length) return raw;
  return raw.slice(0, raw.lastIndexOf(named.charAt(user.length)));
}

/** A token's message with the user as the server knows it. */
function withUser(message: string, named: string, user: string): string {
  if (named === user) return message;
  const text = Buffer.from(message, "base64").toString("utf8");
  return Buffer.from(
    text.replace(named, () => user),
    "utf8",
  ).toString("base64");
}
