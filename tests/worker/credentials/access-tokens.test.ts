import { expect, test } from "vitest";
import { AccessTokens, type OauthCredential, tokenTimeoutMs } from "#worker/credentials/access-tokens.ts";
import { freePort } from "../../support/free-port.ts";
import { oauthCredential, tokenServer } from "../../support/token-server.ts";

function makeTokens() {
  let passedMs = 0;
  const renewed: string[] = [];
  const tokens = new AccessTokens({
    now: () => Date.now() + passedMs,
    renewed: (name, refreshToken) => renewed.push(`${name}: ${refreshToken}`),
  });
  const get = (credential: OauthCredential) =>
    new Promise<string>((resolve) =>
      tokens.get(credential, (failure, token) => resolve(token ?? failure ?? "neither")),
    );
  return { tokens, get, renewed, pass: (ms: number) => (passedMs += ms) };
}

function counting(expiresIn: unknown = 3600) {
  let count = 0;
  return tokenServer(() => ({
    body: { access_token: `token-${++count}`, token_type: "Bearer", expires_in: expiresIn },
  }));
}

test("asks with the refresh token as RFC 6749 §6 says", async () => {
  const { forms, url } = await counting();
  expect(await makeTokens().get(oauthCredential(url))).toBe("token-1");
  expect(Object.fromEntries(forms[0] ?? [])).toEqual({
    grant_type: "refresh_token",
    refresh_token: "refresh-token-canary",
    client_id: "client-1",
    client_secret: "client-secret-canary",
    scope: "smtp",
  });
  await makeTokens().get(oauthCredential(url, { clientSecret: "", scope: "" }));
  expect([...(forms[1]?.keys() ?? [])]).toEqual(["grant_type", "refresh_token", "client_id"]);
});

test("keeps a token until shortly before it ends, and whoever asks meanwhile gets the same", async () => {
  const { forms, url } = await counting();
  const { get, pass } = makeTokens();
  const credential = oauthCredential(url);
  expect(await Promise.all([get(credential), get(credential), get(credential)])).toEqual([
    "token-1",
    "token-1",
    "token-1",
  ]);
  pass(3_500_000);
  expect(await get(credential)).toBe("token-1");
  pass(50_000);
  expect(await get(credential)).toBe("token-2");
  expect(forms).toHaveLength(2);
});

test("a token that was refused is fetched anew", async () => {
  const { url } = await counting("3600");
  const { tokens, get } = makeTokens();
  await get(oauthCredential(url));
  tokens.forget("cloud");
  expect(await get(oauthCredential(url))).toBe("token-2");
});

test("tells of a refresh token that takes the place of the one used", async () => {
  const { url } = await tokenServer(() => ({
    body: { access_token: "token", token_type: "bearer", refresh_token: "next-refresh-token" },
  }));
  const { get, renewed } = makeTokens();
  await get(oauthCredential(url));
  expect(renewed).toEqual(["cloud: next-refresh-token"]);
});

test.each([
  [
    "a refusal",
    { status: 400, body: { error: "invalid_grant", error_description: "gone: refresh-token-canary" } },
    /HTTP 400: invalid_grant gone: \*$/,
  ],
  ["an error page", { status: 502, body: "<html>" }, /HTTP 502$/],
  ["something else", { body: { hello: 1 } }, /not that of RFC 6749/],
  [
    "a token that cannot stand in a header",
    { body: { access_token: "a\r\nb", token_type: "Bearer" } },
    /not that of RFC 6749/,
  ],
  ["another type of token", { body: { access_token: "a", token_type: "mac" } }, /not that of RFC 6749/],
  ["an endless answer", { body: "x".repeat(70_000) }, /too long/],
  ["a redirect", { status: 302, body: {} }, /HTTP 302|redirect/],
])("%s is said in one sentence without a secret, and not kept", async (_what, answer, words) => {
  const { forms, url } = await tokenServer(() => answer);
  const { get } = makeTokens();
  const failure = await get(oauthCredential(url));
  expect(failure).toMatch(words);
  expect(failure).toContain(url);
  expect(failure).not.toMatch(/canary/);
  await get(oauthCredential(url));
  expect(forms).toHaveLength(2);
});

test("a server that is not there or never answers costs its time and no more", async () => {
  const { get } = makeTokens();
  expect(await get(oauthCredential(`http://127.0.0.1:${await freePort()}/token`))).toMatch(/ECONNREFUSED/);
  const { url } = await tokenServer(() => null);
  const began = performance.now();
  expect(await get(oauthCredential(url))).toMatch(`no answer within ${tokenTimeoutMs} ms`);
  expect(performance.now() - began).toBeLessThan(tokenTimeoutMs + 3000);
});
