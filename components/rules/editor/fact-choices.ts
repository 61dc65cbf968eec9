import { type FactName, factValues, type Protocol } from "#core/contract/facts.ts";
import { pop3Commands } from "#core/contract/pop3-commands.ts";
import { authMechanisms } from "#core/contract/smtp-settings.ts";

const mailboxLogins = ["USER", "APOP", ...authMechanisms] as const;
const tlsVersions = ["TLSv1.3", "TLSv1.2"] as const;

/** What a form offers as readings of a fact, or null: any text. The contract takes others too where it names none itself. */
export function factChoices(fact: FactName, protocol: Protocol): readonly string[] | null {
  switch (fact) {
    case "command":
      return pop3Commands;
    case "authMechanism":
      return protocol === "pop3" ? mailboxLogins : authMechanisms;
    case "tls":
      return tlsVersions;
    default:
      return factValues(fact);
  }
}

/** What an empty reading of such a fact says; null: it has none. */
export function emptyWords(fact: FactName): string | null {
  if (fact === "tls") return "none: in clear text";
  return fact === "authMechanism" ? "none: not logged in" : null;
}
