import type { Facts } from "#core/contract/facts.ts";
import { domainOfUser } from "#core/policy/compile-logins.ts";
import type { Pop3Command } from "#core/pop3/command.ts";
import { decodeName } from "#core/pop3/wire-text.ts";
import { saslUser } from "#core/sasl/sasl-user.ts";

/** Whose login it is, as far as it is told in the clear, and how: USER (with PASS), APOP, or the name of a SASL mechanism. */
export type Identity = { user: string | null; mechanism: string | null };

const nobody: Identity = { user: null, mechanism: null };

/** Who speaks in a session, as far as it is known. */
export class SessionSubject {
  readonly #address: string;
  readonly #heard: (user: string) => string;
  identity = nobody;
  /** Version and cipher; null: clear text. */
  tls: string | null = null;
  /** The client said UTF8 (RFC 6856 §2). */
  utf8 = false;

  /** `heard`: a user's name as the server hears it. */
  constructor(address: string, heard: (user: string) => string) {
    this.#address = address;
    this.#heard = heard;
  }

  /** Nothing of what was said so far counts. */
  forget(): void {
    this.identity = nobody;
  }

  /** Who it would be after the command. */
  after(command: Pop3Command): Identity {
    switch (command.verb) {
      case "USER":
      case "APOP":
        return { user: decodeName(command.name), mechanism: command.verb };
      case "AUTH": {
        const { mechanism, initial } = command;
        return { user: initial === null ? null : saslUser(mechanism, 0, initial), mechanism };
      }
      default:
        return this.identity;
    }
  }

  facts({ user, mechanism } = this.identity): Facts {
    const known: Facts = {
      clientAddress: this.#address,
      tls: [this.tls?.split(" ", 1)[0] ?? ""],
      authMechanism: [mechanism ?? ""],
    };
    if (user === null) return known;
    // A server chosen behind the name does not make it another user's.
    const names = [...new Set([user, this.#heard(user)])];
    return { ...known, user: names, userDomain: names.map(domainOfUser) };
  }
}
