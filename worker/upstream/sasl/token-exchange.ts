import { printable } from "#core/smtp/reply.ts";
import type { SaslExchange } from "./exchange.ts";

export type TokenLogin = { user: string; host: string; port: number; accessToken: string };

const hintCharactersMax = 300;

/** Google's and Microsoft's mechanism from before RFC 7628; a refusal comes as a challenge that wants an empty answer. */
export function xoauth2Exchange({ user, accessToken }: TokenLogin): SaslExchange {
  const text = `user=${user}\x01auth=Bearer ${accessToken}\x01\x01`;
  return exchangeOf("XOAUTH2", text, Buffer.alloc(0), accessToken);
}

/** RFC 7628 §3.1; a refusal comes as a challenge that wants %x01 (§3.2.3). */
export function oauthBearerExchange({ user, host, port, accessToken }: TokenLogin): SaslExchange {
  const name = user.replaceAll("=", "=3D").replaceAll(",", "=2C");
  const text = `n,a=${name},\x01host=${host}\x01port=${port}\x01auth=Bearer ${accessToken}\x01\x01`;
  return exchangeOf("OAUTHBEARER", text, Buffer.from("\x01"), accessToken);
}

function exchangeOf(mechanism: string, initial: string, afterRefusal: Uint8Array, secret: string): SaslExchange {
  let hint: string | null = null;
  return {
    mechanism,
    initial: Buffer.from(initial),
    get hint() {
      return hint;
    },
    respond: (challenge, done) => {
      if (hint !== null) return done("an unexpected challenge", null);
      const said = Buffer.from(challenge).toString("latin1").replaceAll(secret, "*");
      hint = printable(said).slice(0, hintCharactersMax);
      done(null, afterRefusal);
    },
    unproven: () => null,
  };
}
