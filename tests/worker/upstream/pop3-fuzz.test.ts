import type { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import type { Credential } from "#core/contract/credential.ts";
import { AccessTokens } from "#worker/credentials/access-tokens.ts";
import { CredentialLogin } from "#worker/credentials/credential-login.ts";
import type { Pop3Contact } from "#worker/upstream/pop3-contact.ts";
import { loginWithCredential, loginWithPassword } from "#worker/upstream/pop3-login.ts";
import { contact, pop3Route, pop3Server, pop3Servers } from "../../support/pop3-rig.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { waitUntil } from "../../support/wait-until.ts";

const seed = Number(process.env["POSTERN_SEED"] ?? Date.now() % 1_000_000);

const pieces = [
  "+OK",
  "-ERR",
  "+ ",
  "+",
  " ",
  "\r\n",
  "\r\n",
  "\r\n",
  "\r",
  "\n",
  "\0",
  ".",
  "\r\n.\r\n",
  "USER",
  "SASL PLAIN SCRAM-SHA-256 XOAUTH2",
  "STLS",
  "[AUTH]",
  "[SYS/TEMP]",
  "YQ==",
  "cj1ub25jZSxzPXNhbHQsaT00MDk2",
  "x".repeat(600),
  "\xff",
];
const wholes = [
  "+OK\r\n",
  "-ERR no\r\n",
  "+ \r\n",
  "+ YQ==\r\n",
  "+OK\r\nUSER\r\nSASL PLAIN LOGIN SCRAM-SHA-256\r\n.\r\n",
];

/** Something that a server might say, well formed half of the time. */
function saying(random: () => number): string {
  const pick = (from: readonly string[]): string => from[Math.floor(random() * from.length)] ?? "";
  if (random() < 0.6) return pick(wholes);
  return Array.from({ length: Math.floor(random() * 6) }, () => pick(pieces)).join("");
}

/** Says it in pieces, in several turns now and then, and closes now and then. */
function say(socket: Socket, text: string, random: () => number): void {
  const cut = Math.floor(random() * text.length);
  socket.write(text.slice(0, cut), "latin1");
  const rest = (): void => {
    if (socket.destroyed) return;
    socket.write(text.slice(cut), "latin1");
    if (random() < 0.1) socket.end();
  };
  if (random() < 0.5) rest();
  else setImmediate(rest);
}

const credential: Credential = { kind: "password", name: "box", user: "joe", password: "secret-canary" };

function logIn(found: Pop3Contact, byCredential: boolean): Promise<string> {
  const tokens = new AccessTokens({ now: Date.now, renewed: () => undefined });
  const store = { get: () => credential };
  return new Promise((resolve) => {
    found.connection.onLost = resolve;
    const done = (failure: string | null): void => resolve(failure ?? "in");
    if (byCredential) {
      const login = new CredentialLogin({ credential: "box", allowsClearText: true, store, tokens });
      loginWithCredential(found, login, done);
    } else loginWithPassword(found, { user: "joe", password: "secret-canary", clearText: true }, done);
  });
}

/** How one login went at a server that says anything. */
async function oneLogin(random: () => number): Promise<string> {
  const heard: string[] = [];
  const server = await pop3Server({
    banner: random() < 0.8 ? "+OK ready\r\n" : saying(random),
    onCommand: (line, socket) => {
      heard.push(line);
      const right = line === "CAPA" ? "+OK\r\nUSER\r\nSASL PLAIN\r\n.\r\n" : "+OK\r\n";
      say(socket, random() < 0.6 ? right : saying(random), random);
      return true;
    },
  });
  const servers = pop3Servers();
  const mode = random() < 0.2 ? "preferred" : "none";
  const route = pop3Route([server], { connectTimeoutMs: 2000, tls: { mode } });
  const { contact: found } = await contact(servers, route);
  if (found !== null) found.connection.replyTimeoutMs = 2000;
  const end = found === null ? "not reached" : await logIn(found, random() < 0.5);
  found?.connection.destroy();
  await waitUntil("the server is left", () => server.sockets.size === 0);
  expect(servers.targetStates(route)).toMatchObject([{ connections: 0 }]);
  expect(end).not.toContain("secret-canary");
  for (const line of heard) {
    expect(line).toMatch(/^(?:CAPA|STLS|USER joe|PASS secret-canary|AUTH [A-Z0-9-]+(?: \S+)?|\*|[0-9A-Za-z+/]*=*)$/);
  }
  if (end === "in") expect(heard.at(-1)).toMatch(/^(?:PASS secret-canary|AUTH PLAIN .*|[0-9A-Za-z+/]*=*)$/);
  return end;
}

/** One contact by a route that requires TLS with a server that has none. */
async function oneContact(random: () => number): Promise<void> {
  const server = await pop3Server({
    banner: random() < 0.8 ? "+OK ready\r\n" : saying(random),
    onCommand: (line, socket) => {
      say(socket, line === "STLS" && random() < 0.5 ? `+OK go\r\n${saying(random)}` : saying(random), random);
      return true;
    },
  });
  const mode = random() < 0.5 ? "required" : "implicit";
  const { contact: found, reasons } = await contact(
    pop3Servers(),
    pop3Route([server], { connectTimeoutMs: 2000, tls: { mode } }),
  );
  expect(found).toBeNull();
  expect(reasons).toHaveLength(1);
  await waitUntil("the server is left", () => server.sockets.size === 0);
  // The rest is the beginning of a handshake.
  expect(server.commands.filter((line) => /^[ -~]+$/.test(line) && line !== "STLS")).toEqual([]);
}

/** Each round has numbers of its own, so that they may run side by side. */
function rounds<T>(count: number, run: (random: () => number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, round) => run(seededRandom(seed + round))));
}

describe(`whatever a server says (seed ${seed})`, () => {
  test("a login ends, no command is in a command, and nothing is left open", async () => {
    const ends = await rounds(150, oneLogin);
    expect(ends).toContain("in");
    expect(new Set(ends).size).toBeGreaterThan(5);
  });
  test("a route that requires TLS tells no name and no password to a server that has none", async () => {
    await rounds(60, oneContact);
  });
});
