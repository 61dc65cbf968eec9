import { chmodSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { certificateStatusSchema } from "#core/contract/certificate.ts";
import { CertificateStore } from "#worker/tls/certificate-store.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { TestAuthority, type TestCertificate } from "../../support/test-authority.ts";

const authority = new TestAuthority();
const [first, second] = [authority.issue(["DNS:first.test"]), authority.issue(["DNS:second.test"])];
afterAll(() => authority.remove());

const loadedAt = Date.UTC(2026, 0, 5, 9);

function makeStore(certificate: TestCertificate) {
  const folder = temporaryFolder();
  const [certFile, keyFile] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const write = ({ cert, key }: TestCertificate) => {
    writeFileSync(certFile, cert);
    writeFileSync(keyFile, key, { mode: 0o600 });
  };
  write(certificate);
  const told: string[] = [];
  const reports = {
    loaded: (name: string) => told.push(`loaded ${name}`),
    failed: (name: string, reason: string) => told.push(`failed ${name}: ${reason}`),
  };
  const store = new CertificateStore([{ name: "mx", certFile, keyFile }], reports, () => loadedAt);
  return { store, write, told, certFile, keyFile, shown: () => store.get("mx")?.leaf.subjectAltName };
}

test("a certificate is found by its name, and no other", () => {
  const { store, told, shown } = makeStore(first);
  expect(shown()).toBe("DNS:first.test");
  expect(store.get("other")).toBeNull();
  expect(told).toEqual(["loaded mx"]);
});

test("changed files are read at the next look, unchanged ones are left alone", () => {
  const { store, write, told, shown } = makeStore(first);
  const before = store.get("mx");
  store.look();
  expect(store.get("mx")).toBe(before);
  write(second);
  store.look();
  expect(shown()).toBe("DNS:second.test");
  expect(told).toEqual(["loaded mx", "loaded mx"]);
});

test("files that cannot be used leave the certificate from before in use, are told once, and may be repaired", () => {
  const { store, write, told, shown, certFile } = makeStore(first);
  writeFileSync(certFile, second.cert);
  store.look();
  store.look();
  expect(shown()).toBe("DNS:first.test");
  expect(told).toEqual(["loaded mx", expect.stringMatching(/^failed mx: .*mismatch/i)]);
  rmSync(certFile);
  store.look();
  store.look();
  expect(shown()).toBe("DNS:first.test");
  expect(told[2]).toMatch(/^failed mx: ENOENT/);
  write(second);
  store.look();
  expect(shown()).toBe("DNS:second.test");
  expect(told).toHaveLength(4);
});

test("a key that others may read is refused", () => {
  const { store, told, keyFile } = makeStore(first);
  chmodSync(keyFile, 0o640);
  store.look();
  expect(told[1]).toMatch(/may be read by others: chmod 600/);
});

test("its status says whose it is, how long it is valid and when it was read, and keeps the reason why new files were not taken", () => {
  const { store, certFile } = makeStore(authority.issue(["DNS:first.test", "IP:127.0.0.1", "DNS:other.test"]));
  const [status] = store.status();
  expect(status).toMatchObject({
    name: "mx",
    inUse: {
      subject: expect.stringMatching(/^CN=leaf-\d+$/),
      issuer: "CN=Test authority",
      names: ["DNS:first.test", "IP Address:127.0.0.1", "DNS:other.test"],
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
      loadedAt: "2026-01-05T09:00:00.000Z",
    },
    problem: null,
  });
  expect(certificateStatusSchema.parse(status)).toEqual(status);
  writeFileSync(certFile, "not a certificate");
  store.look();
  expect(store.status()).toMatchObject([{ inUse: status?.inUse, problem: expect.stringMatching(/./) }]);
});

test("a certificate that could never be read has a status with the reason", () => {
  const reports = { loaded: () => undefined, failed: () => undefined };
  const files = { name: "gone", certFile: "/nowhere/cert.pem", keyFile: "/nowhere/key.pem" };
  const store = new CertificateStore([files], reports, () => loadedAt);
  expect(store.status()).toEqual([{ name: "gone", inUse: null, problem: expect.stringMatching(/^ENOENT/) }]);
});
