import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ConfigError, readConfig } from "#worker/config.ts";
import { makeControlKey } from "../support/control-key.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

function reasonsOf(yaml: string): readonly string[] {
  const path = join(temporaryFolder(), "worker.yaml");
  writeFileSync(path, yaml);
  try {
    readConfig(path);
  } catch (error) {
    if (error instanceof ConfigError) return error.reasons;
    throw error;
  }
  return [];
}

test("paths are relative to the file, tokens are read from their files and trimmed", () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "token"), "0123456789abcdef0123\n");
  writeFileSync(join(folder, "key.pem"), makeControlKey().publicKeyPem);
  writeFileSync(
    join(folder, "worker.yaml"),
    "{ stateDir: state, control: { port: 8025, tokenFile: token, publicKeyFile: key.pem }, console: { url: 'http://127.0.0.1:3000', tokenFile: token } }",
  );
  expect(readConfig(join(folder, "worker.yaml"))).toEqual({
    workerId: "standalone",
    stateDir: join(folder, "state"),
    policyFile: null,
    control: {
      address: "127.0.0.1",
      port: 8025,
      token: "0123456789abcdef0123",
      pinned: { key: expect.anything(), keyId: expect.stringMatching(/^[0-9a-f]{16}$/) },
    },
    console: { url: "http://127.0.0.1:3000", token: "0123456789abcdef0123" },
    certificates: [],
    credentials: [],
    nameServers: [],
    quarantine: { bytesMax: 10 * 1024 ** 3 },
    trustedAuthorities: null,
  });
});

test("credentials are read with their secrets, exactly as they stand in files that are for the worker alone", () => {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries({ password: " p w \n", secret: "s", refresh: "r\r\n", client: "c w" })) {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
  }
  const oauth2 =
    "{ tokenUrl: 'https://login.test/token', clientId: c, clientSecretFile: secret, refreshTokenFile: refresh }";
  const section = `[{ name: a, user: u, passwordFile: password, clientPasswordFile: client }, { name: b, user: u, oauth2: ${oauth2} }]`;
  writeFileSync(join(folder, "worker.yaml"), `{ stateDir: s, policyFile: p, credentials: ${section} }`);
  expect(readConfig(join(folder, "worker.yaml")).credentials).toEqual([
    { kind: "password", name: "a", user: "u", password: " p w ", clientPassword: "c w" },
    {
      kind: "oauth2",
      name: "b",
      user: "u",
      tokenUrl: "https://login.test/token",
      clientId: "c",
      clientSecret: "s",
      refreshToken: "r",
      scope: "",
    },
  ]);
  chmodSync(join(folder, "refresh"), 0o640);
  writeFileSync(join(folder, "password"), "");
  expect(() => readConfig(join(folder, "worker.yaml"))).toThrow(
    /credentials\.0\.passwordFile: .* is empty[\s\S]*credentials\.1\.oauth2\.refreshTokenFile: refresh may be read by others: chmod 600/,
  );
});

test("a credential has either a password or OAuth, and a name of its own", () => {
  expect(reasonsOf("{ stateDir: s, policyFile: p, credentials: [{ name: a, user: u }] }")).toEqual([
    "credentials.0: give it either a passwordFile or oauth2",
  ]);
  const twice = "[{ name: a, user: u, passwordFile: p }, { name: a, user: v, passwordFile: p }]";
  expect(reasonsOf(`{ stateDir: s, policyFile: p, credentials: ${twice} }`)).toEqual([
    "credentials: two credentials have the same name",
  ]);
});

test.each([
  ["192.0.2.1", true],
  ["127.0.0.1:5353", true],
  ["2001:db8::1", true],
  ["[2001:db8::1]:53", true],
  ["dns.example.test", false],
  ["192.0.2.1:0", false],
  ["192.0.2.1:99999", false],
  ["192.0.2.1:x", false],
])("a name server may be written as %s: %s", (text, isFine) => {
  expect(reasonsOf(`{ stateDir: s, policyFile: p, nameServers: ["${text}"] }`)).toEqual(
    isFine ? [] : [expect.stringMatching(/^nameServers\.0: a name server is an address/)],
  );
});

test("every bad key is listed with what to do", () => {
  expect(reasonsOf("{ stateDirectory: x, control: { port: 99999, tokenFile: t, publicKeyFile: k } }")).toEqual([
    "stateDir: missing: add it",
    expect.stringMatching(/^control\.port: /),
    "stateDirectory: unknown: correct the spelling, or take it out",
  ]);
});

test("missing files, short tokens and a worker that could never get a policy are refused", () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "token"), "short");
  writeFileSync(join(folder, "worker.yaml"), "{ stateDir: s, console: { url: 'https://c.test', tokenFile: token } }");
  expect(() => readConfig(join(folder, "worker.yaml"))).toThrow(/shorter than 16[\s\S]*policyFile, control: neither/);
  expect(reasonsOf("{ stateDir: s, control: { port: 1, tokenFile: no, publicKeyFile: none } }")).toEqual([
    expect.stringMatching(/^control\.tokenFile: .* cannot be read \(ENOENT\): create it/),
    expect.stringMatching(/^control\.publicKeyFile: .* cannot be read/),
  ]);
});

test("a key file without an Ed25519 public key is refused", () => {
  const folder = temporaryFolder();
  for (const name of ["token", "key.pem"]) writeFileSync(join(folder, name), "0123456789abcdef0123\n");
  writeFileSync(
    join(folder, "worker.yaml"),
    "{ stateDir: s, control: { port: 1, tokenFile: token, publicKeyFile: key.pem } }",
  );
  expect(() => readConfig(join(folder, "worker.yaml"))).toThrow(
    "control.publicKeyFile: key.pem holds no Ed25519 public key",
  );
});

test("a file that is not YAML, empty or missing is refused", () => {
  expect(reasonsOf("{ stateDir: ")).not.toEqual([]);
  expect(reasonsOf("\n")).toEqual([expect.stringContaining("is empty")]);
  expect(() => readConfig("/nowhere/worker.yaml")).toThrow(/cannot be read \(ENOENT\)/);
});

test("certificates are named with their files, which must be there", () => {
  const folder = temporaryFolder();
  const yaml = (certificates: string) => `{ stateDir: s, policyFile: p, certificates: [${certificates}] }`;
  const path = join(folder, "worker.yaml");
  writeFileSync(join(folder, "a.pem"), "cert");
  writeFileSync(path, yaml("{ name: mx, certFile: a.pem, keyFile: a.pem }"));
  const files = { certFile: join(folder, "a.pem"), keyFile: join(folder, "a.pem") };
  expect(readConfig(path).certificates).toEqual([{ name: "mx", ...files }]);
  const one = "{ name: mx, certFile: a, keyFile: b }";
  expect(reasonsOf(yaml(one))).toEqual([
    expect.stringMatching(/^certificates\.0\.certFile: .*cannot be read/),
    expect.stringMatching(/^certificates\.0\.keyFile: .*cannot be read/),
  ]);
  expect(reasonsOf(yaml(`${one}, ${one}`))).toEqual(["certificates: two certificates have the same name"]);
});

test("the authorities are certificates, or the file is refused", () => {
  const folder = temporaryFolder();
  const path = join(folder, "worker.yaml");
  const block = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  writeFileSync(path, "{ stateDir: s, policyFile: p, trustedAuthoritiesFile: ca.pem }");
  for (const text of ["nothing", block]) {
    writeFileSync(join(folder, "ca.pem"), text);
    expect(() => readConfig(path)).toThrow(/trustedAuthoritiesFile: ca\.pem holds no certificate/);
  }
});
