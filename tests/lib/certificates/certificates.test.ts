import { beforeEach, describe, expect, it } from "vitest";
import type { CertificateStatus } from "#core/contract/certificate.ts";
import { validityAt } from "#lib/certificates/expiry.ts";
import { readCertificates } from "#lib/certificates/queries.ts";
import { database, transaction } from "#lib/db.ts";
import { readOverview } from "#lib/overview/overview.ts";
import { publish } from "#lib/revisions/mutations.ts";
import { useTestDatabase } from "../../support/database.ts";
import { importDraft, mara } from "../../support/draft.ts";
import { policyFixture } from "../../support/policy-fixture.ts";
import { report } from "../../support/report-samples.ts";

useTestDatabase();
const now = new Date("2026-01-05T10:00:33Z");

function certificate(name: string, validTo: string, problem: string | null = null): CertificateStatus {
  const inUse = {
    subject: `CN=${name}`,
    issuer: "CN=Test authority",
    names: [`DNS:${name}.example.test`],
    validFrom: "2025-12-01T00:00:00.000Z",
    validTo,
    fingerprint: "ab".repeat(32),
    loadedAt: "2026-01-05T09:00:00.000Z",
  };
  return { name, inUse, problem };
}

beforeEach(async () => {
  await database().worker.deleteMany();
  const listen = "[{ address: 127.0.0.1, port: 2525, tls: { mode: allowed, certificates: [mx, old] } }]";
  await importDraft(
    policyFixture("first-message.yaml", {}).replace(/\[\{ address: 127.0.0.1, port: 2525 \}\]/, listen),
  );
});

async function enrol(certificates: CertificateStatus[], lastSeenAt: Date | null = now) {
  const status = { ...report(1).status, certificates };
  const worker = { id: "local", name: "local", controlUrl: "http://127.0.0.1:1", controlTokenSealed: "x" };
  await database().worker.create({ data: { ...worker, reportTokenHash: "x", lastSeenAt, status } });
}

describe("a certificate", () => {
  it("shows the listeners that name it, the first one for clients without a name, and whether that is published", async () => {
    await enrol([certificate("mx", "2026-12-01T00:00:00.000Z"), certificate("old", "2026-12-01T00:00:00.000Z")]);
    const users = async () => (await readCertificates(now)).certificates.map((view) => view.users);
    const user = { policy: "In", listener: "127.0.0.1:2525" };
    expect(await users()).toEqual([
      [{ ...user, first: true, published: false }],
      [{ ...user, first: false, published: false }],
    ]);
    await transaction((tx) => publish(tx, mara, { comment: "" }));
    expect((await users())[0]).toEqual([{ ...user, first: true, published: true }]);
    await importDraft(policyFixture("first-message.yaml", {}));
    expect((await users())[0]).toEqual([{ ...user, first: true, published: true }]);
  });

  it("that a listener names and a worker lacks is missing, unless the worker is not heard", async () => {
    await enrol([certificate("mx", "2026-12-01T00:00:00.000Z")]);
    expect((await readCertificates(now)).missing).toMatchObject([{ name: "old", workers: ["local"] }]);
    await database().worker.update({ where: { id: "local" }, data: { lastSeenAt: null } });
    const { certificates, missing } = await readCertificates(now);
    expect(missing).toEqual([]);
    expect(certificates).toMatchObject([{ worker: "local", heard: false, validity: "valid" }]);
  });

  it.each([
    ["valid", "2026-01-20T00:00:00Z"],
    ["ends", "2026-01-19T10:00:33Z"],
    ["expired", "2026-01-05T10:00:33Z"],
  ])("is %s when its last moment is %s", (validity, validTo) => {
    expect(validityAt({ validFrom: "2025-12-01T00:00:00Z", validTo }, now)).toBe(validity);
  });

  it("is early before its first moment", () => {
    const times = { validFrom: "2026-02-01T00:00:00Z", validTo: "2027-02-01T00:00:00Z" };
    expect(validityAt(times, now)).toBe("early");
  });

  it("that ends within 14 days or has ended asks for attention", async () => {
    await enrol([
      certificate("fine", "2026-12-01T00:00:00.000Z"),
      certificate("soon", "2026-01-15T12:00:00.000Z"),
      certificate("today", "2026-01-05T12:00:00.000Z"),
      certificate("gone", "2026-01-01T00:00:00.000Z"),
    ]);
    const { items } = (await readOverview(null, now)).attention;
    expect(items.filter(({ href }) => href === "/certificates").map(({ text }) => text)).toEqual([
      "Certificate soon of worker local expires in 10 d.",
      "Certificate today of worker local expires within a day.",
      "Certificate gone of worker local has expired.",
    ]);
  });
});
