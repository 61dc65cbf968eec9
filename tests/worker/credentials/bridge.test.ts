import { describe, expect, test } from "vitest";
import type { Credential } from "#core/contract/credential.ts";
import type { Pop3Route } from "#core/contract/policy-document.ts";
import { loginPauseMs } from "#worker/credentials/login-pauses.ts";
import type { ServerLogin } from "#worker/upstream/sasl/server-login.ts";
import { bridgeOf } from "../../support/bridged.ts";
import { pop3Route } from "../../support/pop3-rig.ts";

const joe: Credential = {
  kind: "password",
  name: "joe's box",
  user: "joe@example.test",
  password: "server-canary",
  clientPassword: "client pässword",
};
const clientPassword = Buffer.from("client pässword", "utf8").toString("latin1");
const mute: Credential = { kind: "password", name: "mute", user: "mute@example.test", password: "x" };

function route(more: Record<string, unknown> = {}, tls?: Record<string, unknown>): Pop3Route {
  const bridge = { credentials: ["joe's box", "mute"], ...more };
  return pop3Route([{ port: 110 }], { bridge, ...(tls === undefined ? {} : { tls }) });
}

/** What the login does at a server that offers PLAIN, without TLS where nothing else is said. */
function begin(login: ServerLogin, isSecure = false): string {
  let told = "nothing";
  login.begin({ host: "mail.test", port: 110, mechanisms: ["PLAIN"], isSecure }, (failure, exchange) => {
    told = failure ?? exchange?.mechanism ?? "neither";
  });
  return told;
}

describe("a route's bridge", () => {
  const bridge = bridgeOf([joe, mute]);
  test("takes the password for clients of the credential whose user logs in", () => {
    const found = bridge.find(route({}, { mode: "none" }), { user: "joe@example.test", password: clientPassword });
    expect(found).toMatchObject({ kind: "bridged", credential: "joe's box" });
    expect(found.kind === "bridged" && begin(found.login)).toBe("PLAIN");
  });
  test("knows the user whatever the case of the name", () => {
    expect(bridge.find(route(), { user: "Joe@EXAMPLE.test", password: clientPassword }).kind).toBe("bridged");
  });
  test.each([
    ["another password", "joe@example.test", "guess"],
    ["the credential's own password", "joe@example.test", "server-canary"],
    ["no password", "joe@example.test", ""],
    ["any password where the credential has none for clients", "mute@example.test", ""],
    ["the credential's own password where it has none for clients", "mute@example.test", "x"],
  ])("takes %s for a wrong one", (_what, user, password) => {
    expect(bridge.find(route(), { user, password })).toEqual({ kind: "wrong" });
  });
  test("lets other users log in as they are, or refuses them like a wrong password", () => {
    const login = { user: "ann@example.test", password: clientPassword };
    expect(bridge.find(route(), login)).toEqual({ kind: "own" });
    expect(bridge.find(route({ others: "refuse" }), login)).toEqual({ kind: "wrong" });
  });
  test("cannot tell whose password it is while a credential is missing, but knows those that it has", () => {
    const some = bridgeOf([joe]);
    expect(some.find(route(), { user: "mute@example.test", password: "x" })).toMatchObject({ kind: "unavailable" });
    expect(some.find(route(), { user: "joe@example.test", password: clientPassword }).kind).toBe("bridged");
  });
  test("is none where the route has none", () => {
    const login = { user: "joe@example.test", password: clientPassword };
    expect(bridge.find(pop3Route([{ port: 110 }]), login)).toEqual({ kind: "own" });
  });
  test("does not show the credential in the clear unless the route says tls: none", () => {
    for (const tls of [undefined, { mode: "preferred" }]) {
      const found = bridge.find(route({}, tls), { user: "joe@example.test", password: clientPassword });
      expect(found.kind === "bridged" && begin(found.login)).toMatch(/would show the secret/);
      expect(found.kind === "bridged" && begin(found.login, true)).toBe("PLAIN");
    }
  });
});

describe("a credential that a server refused", () => {
  test("is not tried again at once, and waits longer each time", () => {
    let now = 0;
    const bridge = bridgeOf([joe, mute], () => now);
    const login = (): ServerLogin => {
      const found = bridge.find(route({}, { mode: "none" }), { user: joe.user, password: clientPassword });
      if (found.kind !== "bridged") throw new Error(found.kind);
      return found.login;
    };
    const first = login();
    first.refused();
    first.refused();
    expect(begin(login())).toMatch(/refused the credential "joe's box" a moment ago/);
    now = loginPauseMs.first;
    expect(begin(login())).toBe("PLAIN");
    login().refused();
    now += loginPauseMs.first;
    expect(begin(login())).toMatch(/a moment ago/);
    now += loginPauseMs.first;
    expect(begin(login())).toBe("PLAIN");
    for (let n = 0; n < 10; n++) {
      login().refused();
      now += loginPauseMs.max;
    }
    expect(begin(login())).toBe("PLAIN");
    login().succeeded?.();
    login().refused();
    now += loginPauseMs.first;
    expect(begin(login())).toBe("PLAIN");
    login().refused();
    bridge.credentialChanged("joe's box");
    expect(begin(login())).toBe("PLAIN");
  });
});
