import { inflateSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { GET } from "#app/api/audit/export/route.ts";
import { policyDocumentSchema } from "#core/contract/policy-document.ts";
import { appendAudit } from "#lib/audit/mutations.ts";
import { closeDatabase, database, transaction } from "#lib/db.ts";
import { useConsoleSettings } from "../support/console-settings.ts";
import { useTestDatabase } from "../support/database.ts";
import { makeAdministrator, sessionCookieOf } from "../support/signed-in.ts";

useTestDatabase();
useConsoleSettings();
afterAll(closeDatabase);

let cookie = "";
beforeAll(async () => {
  cookie = await sessionCookieOf(await makeAdministrator());
  const document = policyDocumentSchema.parse({
    version: 1,
    proxyActions: [
      {
        name: "Mail in",
        protocol: "smtp",
        direction: "incoming",
        rulesets: {
          attachment: { rules: [{ name: "executables", when: { fileName: { like: "*.exe" } }, action: "deny" }] },
        },
      },
    ],
  });
  await database().revision.create({
    data: {
      number: 1,
      document: JSON.stringify(document),
      digest: "d".repeat(64),
      comment: "=HYPERLINK(1)",
      authorName: "Mara",
    },
  });
  await transaction((tx) =>
    appendAudit(
      tx,
      { name: "Mara", address: "192.0.2.7", role: "editor", via: "session 1a2b3c4d" },
      { action: "revision.publish", object: "Revision 1", summary: "=cmd|' /C calc'!A0", detail: { after: "Жанна" } },
    ),
  );
});

function get(query: string, headers: Record<string, string> = { cookie }): Promise<Response> {
  return GET(new Request(`http://127.0.0.1:3000/api/audit/export?${query}`, { headers }));
}

describe("the audit export", () => {
  test("401 without a session, and nothing is written", async () => {
    const before = await database().auditEntry.count();
    expect((await get("format=csv", {})).status).toBe(401);
    expect(await database().auditEntry.count()).toBe(before);
  });

  test("403 for a page of another site, and no row in the log", async () => {
    const before = await database().auditEntry.count();
    expect((await get("format=csv", { cookie, "sec-fetch-site": "cross-site" })).status).toBe(403);
    expect(await database().auditEntry.count()).toBe(before);
  });

  test("400 for another format", async () => {
    expect((await get("format=xls")).status).toBe(400);
  });

  test("200 CSV: a row for each entry, the export itself first, formulas made inert", async () => {
    const response = await get("format=csv");
    expect(response.headers.get("content-disposition")).toMatch(/attachment; filename="postern-audit_.*\.csv"/);
    const lines = (await response.text()).trim().split("\r\n");
    expect(lines).toHaveLength(1 + (await database().auditEntry.count()));
    expect(lines[0]).toContain("sequence,at,actor,address,role,via,action,object,summary,detail,previousHash,hash");
    expect(lines[1]).toContain("audit.export");
    expect(lines.at(-1)).toContain("192.0.2.7,editor,session 1a2b3c4d,revision.publish,Revision 1,'=cmd");
  });

  test("200 JSON: rows with their hashes, the publish with what it changed, the rules in force", async () => {
    const report = await (await get("format=json")).json();
    expect(report).toMatchObject({
      product: "Postern",
      generatedBy: "Mara",
      chain: { fault: null, head: report.entries[0].hash },
      publishes: [{ number: 1, authorName: "Mara", comment: "=HYPERLINK(1)" }],
      rules: [{ proxyAction: "Mail in", ruleset: "attachment", rank: 1, name: "executables", state: "on" }],
      ruleRevision: 1,
    });
    expect(report.publishes[0].changes.length).toBeGreaterThan(0);
    expect(report.entries.at(-1)).toMatchObject({ action: "revision.publish", detail: { after: "Жанна" } });
    expect(report.entries.at(-1)).toMatchObject({ role: "editor", via: "session 1a2b3c4d" });
  });

  test("200 PDF: names the publish, the rule and the head of the chain", async () => {
    const response = await get("format=pdf");
    expect(response.headers.get("content-type")).toBe("application/pdf");
    const text = textOfPdf(Buffer.from(await response.arrayBuffer()));
    for (const words of [
      "Audit report",
      "revision.publish",
      "Revision 1",
      "executables",
      "verified to #",
      "editor",
      "session",
    ]) {
      expect(text).toContain(words);
    }
  });

  test("a filter narrows the rows, and a range that is over has no publish", async () => {
    const byAction = await (await get("format=json&action=revision.publish")).json();
    expect(byAction.entries.map(({ action }: { action: string }) => action)).toEqual(["revision.publish"]);
    const bySession = await (await get("format=json&via=session+1a2b3c4d")).json();
    expect(bySession.entries.map(({ action }: { action: string }) => action)).toEqual(["revision.publish"]);
    const long = await (await get("format=json&from=2001-01-01&to=2001-12-31")).json();
    expect(long).toMatchObject({ entries: [], publishes: [], rules: [], ruleRevision: null });
  });

  test("the log names every export with who and how", async () => {
    await get("format=pdf");
    const last = await database().auditEntry.findFirst({ orderBy: { sequence: "desc" } });
    expect(last).toMatchObject({ actor: "Mara", action: "audit.export", detail: { format: "pdf" } });
    expect(last).toMatchObject({ role: "administrator", via: expect.stringMatching(/^session [0-9a-f]{8}$/) });
  });
});

/** The words of a PDF made with the built-in fonts: its content streams hold them as hexadecimal strings with kerning in between. */
function textOfPdf(pdf: Buffer): string {
  const source = pdf.toString("latin1");
  let text = "";
  for (const [, body = ""] of source.matchAll(/stream\n([\s\S]*?)\nendstream/g)) {
    const content = inflateSync(Buffer.from(body, "latin1")).toString("latin1");
    for (const [, line = ""] of content.matchAll(/\[(.*?)\] TJ/g)) {
      for (const [, hex = ""] of line.matchAll(/<([0-9a-f]+)>/g)) text += Buffer.from(hex, "hex").toString("latin1");
      text += "\n";
    }
  }
  return text;
}
