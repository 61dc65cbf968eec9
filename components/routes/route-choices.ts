/** What each choice of a route means; the labels stand in the select, the help below it. */
export const deliveryChoices = [
  {
    value: "inline",
    words: "Inline",
    help: "The sender hears the real server's answer to the message. While the server is down, senders hear 451 and keep the mail.",
  },
  {
    value: "inline-or-spool",
    words: "Inline, spool while down",
    help: "As inline; while no server can be reached, mail is accepted, kept on disk and delivered when one returns.",
  },
  {
    value: "spool",
    words: "Spool",
    help: "Mail is always accepted onto the disk first and delivered afterwards. What a server refuses later is bounced to the sender.",
  },
] as const;

export const spoolOnChoices = [
  { value: "down", words: "It cannot be reached", help: "No connection, no greeting, or EHLO is refused for now." },
  {
    value: "down-or-4xx",
    words: "It cannot be reached, or refuses for now (4xx)",
    help: "Also when the sender or the first recipient is refused with 4xx: greylisting and full mailboxes are waited for here, not by the sender.",
  },
] as const;

export const lookupChoices = [
  { value: "targets", words: "These servers", help: "Those below, by priority and weight." },
  {
    value: "mx",
    words: "The MX of each recipient's domain",
    help: "For mail to the internet: each domain's own servers, as DNS names them (RFC 5321 §5.1).",
  },
] as const;

/** "" is a route that says nothing of TLS: then no credential is shown in clear text. POP3 calls the command STLS (RFC 2595 §4). */
export const tlsChoices = {
  smtp: [
    {
      value: "",
      words: "None",
      help: "Clear text, STARTTLS is not used. A credential is used only where the login does not show it.",
    },
    {
      value: "none",
      words: "None, for credentials too",
      help: "Clear text, STARTTLS is not used, and a credential is said in the clear if need be. For servers on the same host.",
    },
    {
      value: "preferred",
      words: "Preferred",
      help: "STARTTLS where the server offers it, without checking its certificate; otherwise clear text. Keeps out listeners, not impostors.",
    },
    { value: "required", words: "Required", help: "STARTTLS or nothing is sent; never clear text." },
    { value: "implicit", words: "Implicit", help: "TLS from the first byte, usually on port 465 (RFC 8314 §3)." },
  ],
  pop3: [
    {
      value: "",
      words: "None",
      help: "Clear text, STLS is not used: whoever reads along sees passwords and mail. For servers on a network of your own. A bridge's credential is used only where the login does not show it.",
    },
    {
      value: "none",
      words: "None, for a bridge's credentials too",
      help: "Clear text, STLS is not used, and a bridge's credential is said in the clear if need be. For servers on the same host.",
    },
    {
      value: "preferred",
      words: "STLS where offered",
      help: "Without checking the server's certificate; where STLS is not offered, clear text. Keeps out listeners, not impostors.",
    },
    {
      value: "required",
      words: "STLS required",
      help: "STLS on the usual port, 110, or nobody logs in; never clear text (RFC 2595 §4).",
    },
    {
      value: "implicit",
      words: "Implicit",
      help: "TLS from the first byte, usually on port 995: what providers offer (RFC 8314 §3.3).",
    },
  ],
} as const;

export const otherUsersChoices = [
  {
    value: "pass",
    words: "Log in at the server as they are",
    help: "With what they say, as without a bridge.",
  },
  { value: "refuse", words: "Are refused", help: "They hear the same as with a wrong password." },
] as const;

export const verifyChoices = [
  {
    value: "ca",
    words: "By authority and name",
    help: "A trusted authority signed the certificate, and it holds the server's name.",
  },
  {
    value: "fingerprint",
    words: "By fingerprint",
    help: "Exactly one of the certificates below, whoever signed it. A renewed certificate must be named before it is used.",
  },
  { value: "none", words: "Not at all", help: "Any certificate will do: whoever answers can read the mail." },
] as const;

type Explained = readonly { value: string; help: string }[];

/** The help of what is chosen. */
export function helpOf(choices: Explained, value: string): string | undefined {
  return choices.find((choice) => choice.value === value)?.help;
}
