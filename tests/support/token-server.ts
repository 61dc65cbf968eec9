import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { Credential } from "#core/contract/credential.ts";

type TokenAnswer = { status?: number; body: unknown };

/** A token endpoint (RFC 6749 §3.2) that ends with the test; `answer` is asked for each request, null: it never answers. */
export async function tokenServer(answer: (form: URLSearchParams) => TokenAnswer | null) {
  const forms: URLSearchParams[] = [];
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += String(chunk);
    const form = new URLSearchParams(text);
    forms.push(form);
    const said = answer(form);
    if (said === null) return;
    response.writeHead(said.status ?? 200, { "content-type": "application/json" });
    response.end(typeof said.body === "string" ? said.body : JSON.stringify(said.body));
  });
  return { forms, url: `${await listening(server)}/token` };
}

/** Where a mail server asks whose access token it was given; ends with the test. A token is put behind the URL. */
export async function tokenInfoServer(users: Readonly<Record<string, string>>): Promise<string> {
  const server = createServer((request, response) => {
    const token = new URL(request.url ?? "", "http://localhost").searchParams.get("access_token") ?? "";
    const email = users[token];
    response.writeHead(email === undefined ? 400 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(email === undefined ? { error: "invalid_token" } : { email }));
  });
  return `${await listening(server)}/info?access_token=`;
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

export function oauthCredential(tokenUrl: string, more: Partial<Extract<Credential, { kind: "oauth2" }>> = {}) {
  return {
    kind: "oauth2",
    name: "cloud",
    user: "gate@example.test",
    tokenUrl,
    clientId: "client-1",
    clientSecret: "client-secret-canary",
    refreshToken: "refresh-token-canary",
    scope: "smtp",
    ...more,
  } as const satisfies Credential;
}
