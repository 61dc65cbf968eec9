import type { Policy } from "#core/contract/policy-document.ts";

type DispositionChoice = { value: Policy["disposition"]; words: string; help: string };

const allow = { value: "allow", words: "Allow", help: "The proxy action decides about each message." } as const;
const close = {
  value: "close",
  words: "Close silently",
  help: "The connection is closed without a word. Senders may try again for days.",
} as const;

/** What becomes of a connection that a policy takes. */
export const dispositionChoices: Record<Policy["protocol"], readonly DispositionChoice[]> = {
  smtp: [
    allow,
    {
      value: "refuse-521",
      words: "Refuse with 521",
      help: "Greeted with 521 (RFC 7504): this host takes no mail. Senders give up at once.",
    },
    {
      value: "refuse-554",
      words: "Refuse with 554",
      help: "Greeted with 554: no service for this source (RFC 5321 §3.1).",
    },
    close,
  ],
  pop3: [
    { ...allow, help: "The proxy action decides about each command and message." },
    { value: "refuse-554", words: "Refuse", help: "Greeted with -ERR and closed." },
    close,
  ],
};

/** POP3 calls the command STLS (RFC 2595 §4). */
export const listenerTlsChoices = {
  smtp: [
    { value: "none", words: "None", help: "Clear text; STARTTLS is not offered." },
    { value: "allowed", words: "Allowed", help: "STARTTLS is offered; who does not use it is served in clear text." },
    {
      value: "required",
      words: "Required",
      help: "Nothing is done before STARTTLS. On a port for mail from the internet this loses mail from servers without TLS.",
    },
    { value: "implicit", words: "Implicit", help: "TLS from the first byte, usually port 465 (RFC 8314 §3)." },
  ],
  pop3: [
    {
      value: "none",
      words: "None",
      help: "Clear text; STLS is not offered. Whoever reads along sees passwords and mail: for a network of your own.",
    },
    {
      value: "allowed",
      words: "STLS allowed",
      help: "STLS is offered, also where the server behind has no TLS; who does not use it is served in clear text.",
    },
    {
      value: "required",
      words: "STLS required",
      help: "Nobody logs in before STLS (RFC 2595 §4). Programs without TLS are shut out.",
    },
    {
      value: "implicit",
      words: "Implicit",
      help: "TLS from the first byte, usually port 995: what mail programs expect from outside (RFC 8314 §3.3).",
    },
  ],
} as const;

export const profileChoices = [
  { value: "intermediate", words: "Intermediate", help: "TLS 1.2 and 1.3 (Mozilla): nearly everybody." },
  { value: "modern", words: "Modern", help: "TLS 1.3 only (Mozilla): older servers fail their handshake." },
] as const;

export const textTestChoices = [
  { value: "is", words: "is" },
  { value: "in", words: "is one of" },
  { value: "like", words: "is like (* and ?)" },
  { value: "pattern", words: "matches pattern (RE2)" },
  { value: "inList", words: "is in list" },
] as const;

/** Behind the user, before the server's name. */
export const separatorChoices = [
  { value: "%", words: "% as in anna%pop.example.com" },
  { value: "#", words: "# as in anna#pop.example.com" },
  { value: "!", words: "! as in anna!pop.example.com" },
  { value: "|", words: "| as in anna|pop.example.com" },
] as const;

type Explained = readonly { value: string; help: string }[];

/** The help of what is chosen. */
export function helpOf(choices: Explained, value: string): string | undefined {
  return choices.find((choice) => choice.value === value)?.help;
}
