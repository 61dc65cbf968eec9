import { createHmac } from "node:crypto";
import type { SaslExchange } from "./exchange.ts";

type Login = { user: string; password: string };

/** RFC 4616: the password itself, at once. `encoding`: of the login, latin1 where it has one character a byte. */
export function plainExchange({ user, password }: Login, encoding: BufferEncoding = "utf8"): SaslExchange {
  return exchangeOf("PLAIN", Buffer.from(`\0${user}\0${password}`, encoding), []);
}

/** USER and PASS among the mechanisms of an offer, by the name that CAPA has for them (RFC 2449 §6.3). */
export const userPass = "USER";

/** RFC 1939 §7, as if the server asked for the name, then for the password. */
export function userPassExchange({ user, password }: Login, encoding: BufferEncoding = "utf8"): SaslExchange {
  return exchangeOf(userPass, null, [() => Buffer.from(user, encoding), () => Buffer.from(password, encoding)]);
}

/** Never standardised, and in use everywhere: the server asks for the name, then for the password, whatever words it uses. */
export function loginExchange({ user, password }: Login): SaslExchange {
  return exchangeOf("LOGIN", null, [() => Buffer.from(user), () => Buffer.from(password)]);
}

/** RFC 2195: a keyed digest of what the server sent. */
export function cramMd5Exchange({ user, password }: Login): SaslExchange {
  const digest = (challenge: Uint8Array): Buffer =>
    Buffer.from(`${user} ${createHmac("md5", password).update(challenge).digest("hex")}`);
  return exchangeOf("CRAM-MD5", null, [digest]);
}

/** An exchange in which the server proves nothing and each challenge has its answer. */
function exchangeOf(
  mechanism: string,
  initial: Uint8Array | null,
  answers: ((challenge: Uint8Array) => Uint8Array)[],
): SaslExchange {
  let step = 0;
  return {
    mechanism,
    initial,
    hint: null,
    respond: (challenge, done) => {
      const answer = answers[step++];
      if (answer === undefined) done("an unexpected challenge", null);
      else done(null, answer(challenge));
    },
    // Never asked for the password: whoever said yes did not check it.
    unproven: () => (step < answers.length ? "the server said yes before it had asked for the login" : null),
  };
}
