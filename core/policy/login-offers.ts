import type { Pop3Settings } from "#core/contract/pop3-settings.ts";

/** How a POP3 client may log in at a moment. */
export type LoginOffers = { userPass: boolean; apop: boolean; mechanisms: readonly string[] };

/** Mechanisms that do not show the secret to whoever reads along. */
const veiled: readonly string[] = [
  "CRAM-MD5",
  "DIGEST-MD5",
  "SCRAM-SHA-1",
  "SCRAM-SHA-256",
  "SCRAM-SHA-512",
  "NTLM",
  "GSSAPI",
];

/** Mechanisms whose user is in the client's first words: what follows can be said to the server of that user. */
const readable: readonly string[] = ["PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER"];

export type LoginSetting = {
  auth: Pop3Settings["auth"];
  /** never: the listener has none. */
  tls: "never" | "not-yet" | "active";
  /** The server is known before the login. Else the user has to be told to us, who choose it. */
  serverKnown: boolean;
};

/** RFC 8314 §3, RFC 2595 §2.1: where there can be TLS, no secret is asked for without it, unless the settings want so. */
export function loginOffers({ auth, tls, serverKnown }: LoginSetting): LoginOffers {
  const clearText =
    tls === "active" || auth.clearText === "always" || (auth.clearText === "where-no-tls" && tls === "never");
  return {
    userPass: auth.userPass && clearText,
    apop: auth.apop && serverKnown,
    mechanisms: auth.mechanisms.filter(
      (name) => (clearText || veiled.includes(name)) && (serverKnown || readable.includes(name)),
    ),
  };
}

/** Whether one of these logins shows its secret to whoever reads along. */
export function showsSecret({ userPass, mechanisms }: LoginOffers): boolean {
  return userPass || mechanisms.some((name) => !veiled.includes(name));
}
