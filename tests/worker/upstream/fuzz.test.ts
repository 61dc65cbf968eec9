import { expect, test } from "vitest";
import type { Credential } from "#core/contract/credential.ts";
import { AccessTokens } from "#worker/credentials/access-tokens.ts";
import { CredentialLogin } from "#worker/credentials/credential-login.ts";
import { authOptions } from "../../support/auth-server.ts";
import type { FakeSmtpOptions } from "../../support/fake-smtp-server.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { fakeServer, send, smtpRoute, testPool } from "../../support/upstream-rig.ts";
import { waitUntil } from "../../support/wait-until.ts";

const seed = 4954;
const runs = 120;
/** Runs at once: most of them wait. */
const together = 30;

const credential: Credential = { kind: "password", name: "hub", user: "gate", password: "secret" };
const mechanisms = ["PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256", "GSSAPI"];
const answers: (string | null)[] = [
  ...["334 ", "334 bW9yZQ==", "334 r=x", "334 ====", "334 cj14LHM9YyxpPTQwOTY="],
  ...["235 2.7.0 yes", "535 5.7.8 no", "454 4.7.0 later", "504 5.5.4 what", "421 4.3.2 bye", "501 5.7.0 cancelled"],
  ...[
    "250 fine",
    "250-fine\r\n250 fine",
    "250 one\r\n250 two",
    "354 go on",
    "452 4.5.3 many",
    "550 5.1.1 no",
    "521 never",
  ],
  ...["", "\x00\xff", "250", "25", "x".repeat(3000), "250-a\r\n550 b"],
  null,
];

/** A server that now and then answers anything, at any step. */
function fickle(random: () => number): FakeSmtpOptions {
  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(random() * from.length)];
  const offered = mechanisms.filter(() => random() < 0.6);
  const auth = authOptions({ user: "gate", password: random() < 0.8 ? "secret" : "another", mechanisms: offered });
  const usual = auth.options.answer;
  return {
    ...auth.options,
    answer: (line, socket) => {
      const chance = random();
      if (chance < 0.02) return socket.destroy(), null;
      return chance < 0.15 ? pick(answers) : usual?.(line, socket);
    },
    answerBody: () => (random() < 0.2 ? pick(answers) : undefined),
  };
}

test(`whatever a server answers at any step of logging in and sending, a message counts as delivered only when it took it (seed ${seed})`, async () => {
  const random = seededRandom(seed);
  const tokens = new AccessTokens({ now: Date.now, renewed: () => undefined });
  let delivered = 0;
  const run = async (): Promise<void> => {
    const server = await fakeServer(fickle(random));
    const pool = testPool({
      login: (name, allowsClearText) =>
        new CredentialLogin({ credential: name, allowsClearText, store: { get: () => credential }, tokens }),
    });
    const more = { connectTimeoutMs: 300, replyTimeoutMs: 1000, credential: "hub", tls: { mode: "none" } };
    let believed = 0;
    for (const to of ["b@inside.test", "c@inside.test"]) {
      const { recipients } = await send(pool, smtpRoute([server], more), to);
      expect(recipients).toHaveLength(1);
      if (recipients[0]?.status === "delivered") believed++;
    }
    expect(believed).toBeLessThanOrEqual(server.mails.length);
    delivered += believed;
    pool.close();
    await waitUntil("its connections end", () => server.openConnections === 0);
  };
  for (let done = 0; done < runs; done += together) await Promise.all(Array.from({ length: together }, run));
  expect(delivered).toBeGreaterThan(runs / 10);
}, 120_000);
