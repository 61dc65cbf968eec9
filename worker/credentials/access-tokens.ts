import { z } from "zod";
import type { Credential } from "#core/contract/credential.ts";
import { printable } from "#core/smtp/reply.ts";
import { parseJson } from "#core/text/parse-json.ts";
import { answerText } from "../net/answer-text.ts";

export type OauthCredential = Extract<Credential, { kind: "oauth2" }>;
/** Exactly one is null; `failure` is one sentence without a secret. */
export type TokenTaker = (failure: string | null, accessToken: string | null) => void;

/** What the token server may take to answer, in milliseconds. */
export const tokenTimeoutMs = 5_000;
const answerBytesMax = 64 * 1024;
/** A token is not used any more when it ends this soon. */
const spareMs = 60_000;
/** RFC 6749 §5.1: a server that does not say how long a token holds has said so elsewhere; an hour is usual. */
const lifetimeSecondsByDefault = 3_600;
const failureCharactersMax = 300;

const answerSchema = z.object({
  access_token: z
    .string()
    .min(1)
    .max(16_384)
    .regex(/^[\x21-\x7e]+$/),
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z.coerce.number().positive().max(31_536_000).default(lifetimeSecondsByDefault),
  refresh_token: z.string().min(1).max(8192).optional(),
});
const refusalSchema = z.object({ error: z.string(), error_description: z.string().default("") });

type Options = {
  now(): number;
  /** RFC 6749 §6: the server may give another refresh token in place of the one used. */
  renewed(name: string, refreshToken: string): void;
};

/** Access tokens by stored refresh token (RFC 6749 §6), fetched when needed, kept until shortly before they end. */
export class AccessTokens {
  readonly #options: Options;
  readonly #kept = new Map<string, { accessToken: string; endsAt: number }>();
  readonly #waiting = new Map<string, TokenTaker[]>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** Calls back once, perhaps before it returns. Whoever asks while a token is fetched gets the same one. */
  get(credential: OauthCredential, done: TokenTaker): void {
    const { name } = credential;
    const kept = this.#kept.get(name);
    if (kept !== undefined && this.#options.now() < kept.endsAt) return done(null, kept.accessToken);
    const waiting = this.#waiting.get(name);
    if (waiting !== undefined) return void waiting.push(done);
    const takers = [done];
    this.#waiting.set(name, takers);
    void this.#answer(credential, takers);
  }

  /** The token was refused, or the credential is another now. */
  forget(name: string): void {
    this.#kept.delete(name);
    this.#waiting.delete(name);
  }

  async #answer(credential: OauthCredential, takers: TokenTaker[]): Promise<void> {
    const { failure, accessToken } = await this.#fetch(credential);
    // After a change of the credential others may wait by now.
    if (this.#waiting.get(credential.name) === takers) this.#waiting.delete(credential.name);
    for (const taker of takers) taker(failure, accessToken);
  }

  async #fetch(credential: OauthCredential): Promise<{ failure: string | null; accessToken: string | null }> {
    const { name } = credential;
    const waiting = this.#waiting.get(name);
    try {
      const answer = answerSchema.parse(await ask(credential));
      if (this.#waiting.get(name) === waiting) {
        const endsAt = this.#options.now() + answer.expires_in * 1000 - spareMs;
        this.#kept.set(name, { accessToken: answer.access_token, endsAt });
        if (answer.refresh_token !== undefined && answer.refresh_token !== credential.refreshToken) {
          this.#options.renewed(name, answer.refresh_token);
        }
      }
      return { failure: null, accessToken: answer.access_token };
    } catch (error) {
      return {
        failure: `no access token from ${credential.tokenUrl}: ${failureWords(error, credential)}`,
        accessToken: null,
      };
    }
  }
}

/** Why there is no token, in words of ours or the server's. */
class TokenRefused extends Error {}

async function ask(credential: OauthCredential): Promise<unknown> {
  const { tokenUrl, clientId, clientSecret, refreshToken, scope } = credential;
  const body = new URLSearchParams({ grant_type: "refresh_token", refresh_token: refreshToken, client_id: clientId });
  if (clientSecret !== "") body.set("client_secret", clientSecret); // RFC 6749 §2.3.1
  if (scope !== "") body.set("scope", scope);
  const response = await fetch(tokenUrl, {
    method: "POST",
    headers: { accept: "application/json" },
    body,
    redirect: "error",
    signal: AbortSignal.timeout(tokenTimeoutMs),
  });
  const answer = parseJson(await answerText(response, answerBytesMax, new TokenRefused("its answer is too long")));
  if (response.ok) return answer;
  const refusal = refusalSchema.safeParse(answer);
  const said = refusal.success ? `: ${refusal.data.error} ${refusal.data.error_description}`.trimEnd() : "";
  throw new TokenRefused(`HTTP ${response.status}${said}`);
}

function failureWords(error: unknown, { clientSecret, refreshToken }: OauthCredential): string {
  if (error instanceof z.ZodError) return "its answer is not that of RFC 6749 §5.1";
  if (error instanceof DOMException && error.name === "TimeoutError") return `no answer within ${tokenTimeoutMs} ms`;
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : "";
  let words = error instanceof Error ? `${error.message}${cause}` : String(error);
  // A server may say back what it was told.
  for (const secret of [clientSecret, refreshToken]) if (secret !== "") words = words.replaceAll(secret, "*");
  return printable(words).slice(0, failureCharactersMax);
}
