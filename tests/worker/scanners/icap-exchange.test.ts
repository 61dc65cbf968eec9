import { describe, expect, test } from "vitest";
import { IcapOptionsQuestion, IcapScan, replacedName } from "#worker/scanners/icap-exchange.ts";
import { encapsulatedHeadBytesMax, type IcapOptions, previewBytesMax } from "#worker/scanners/icap-head.ts";
import { icapRemainder } from "#worker/scanners/icap-question.ts";
import { bytesOf } from "../../support/chunk-invariance.ts";
import { subjectOf } from "../../support/scanned.ts";
import { hear, hearText } from "./read-exchange.ts";

const service = { host: "icap.test:1344", path: "avscan" };
const options: IcapOptions = { method: "RESPMOD", previewBytes: 4, connectionsMax: null, tag: "T", holdsMs: null };
const content = "the content";
const subject = subjectOf(content);
const scan = (change: Partial<IcapOptions> = {}) =>
  new IcapScan(service, { ...options, ...change }, subject, () => undefined);
const failure = (why: string) => [expect.objectContaining({ result: "failed", why })];

async function text(pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<string> {
  const all = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all).toString("latin1");
}

function answer(head: string, encapsulated: string, body: string): string {
  const place = `Encapsulated: res-hdr=0, res-body=${encapsulated.length}`;
  return `ICAP/1.0 200 OK\r\nISTag: "T"\r\n${head}${place}\r\n\r\n${encapsulated}${body}`;
}

describe("what the service is sent", () => {
  const request = `GET http://postern.invalid/${subject.sha256} HTTP/1.1\r\nHost: postern.invalid\r\n\r\n`;
  const response = "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: 11\r\n\r\n";
  const parts = `req-hdr=0, res-hdr=${request.length}, res-body=${request.length + response.length}`;
  const head = "RESPMOD icap://icap.test:1344/avscan ICAP/1.0\r\nHost: icap.test:1344\r\nAllow: 204\r\n";

  test("the content as a response, with a preview of the length that it wants, and the rest when it asks", async () => {
    const expected = `${head}Preview: 4\r\nEncapsulated: ${parts}\r\n\r\n${request}${response}4\r\nthe \r\n0\r\n\r\n`;
    expect(await text(scan().begin())).toBe(expected);
    expect(await text(icapRemainder(options, subject))).toBe("7\r\ncontent\r\n0\r\n\r\n");
  });

  test("the whole content at once where it wants no preview, and `ieof` where the preview is all of it", async () => {
    const whole = "b\r\nthe content\r\n0";
    expect(await text(scan({ previewBytes: null }).begin())).toBe(
      `${head}Encapsulated: ${parts}\r\n\r\n${request}${response}${whole}\r\n\r\n`,
    );
    expect(await text(scan({ previewBytes: 11 }).begin())).toContain(`${whole}; ieof\r\n\r\n`);
    expect(await text(scan({ previewBytes: 0 }).begin())).toMatch(/\r\n\r\n0\r\n\r\n$/);
  });

  test("the content as a request where it takes no responses", async () => {
    const said = await text(scan({ method: "REQMOD", previewBytes: null }).begin());
    const post = `POST http://postern.invalid/${subject.sha256} HTTP/1.1\r\nHost: postern.invalid\r\nContent-Type: application/octet-stream\r\nContent-Length: 11\r\n\r\n`;
    expect(said).toContain(`REQMOD icap://icap.test:1344/avscan ICAP/1.0`);
    expect(said).toContain(`Encapsulated: req-hdr=0, req-body=${post.length}\r\n\r\n${post}b\r\n`);
  });
});

describe("what the service answers, however it is cut", () => {
  const blocked = "HTTP/1.1 403 Forbidden\r\n\r\n";
  const same = "HTTP/1.1 200 OK\r\n\r\n";

  test.each([
    ["204: nothing found", "ICAP/1.0 204 No Content\r\n\r\n", [{ result: "clean" }]],
    ["100, then 204", "ICAP/1.0 100 Continue\r\n\r\nICAP/1.0 204 No\r\n\r\n", ["sends on", { result: "clean" }]],
    [
      "200 with the same content",
      answer("", same, "4\r\nthe \r\n7;x=y\r\ncontent\r\n0\r\n\r\n"),
      [{ result: "clean" }],
    ],
    [
      "200 with other content, and no word why",
      answer("", blocked, "4\r\nno!!\r\n0\r\n\r\n"),
      [{ result: "found", names: [replacedName] }],
    ],
    [
      "200 with more content than was sent",
      answer("", blocked, "fffff\r\nthe content and more and"),
      [{ result: "found", names: [replacedName] }],
    ],
    [
      "200 without a body",
      `ICAP/1.0 200 OK\r\nEncapsulated: res-hdr=0, null-body=${blocked.length}\r\n\r\n${blocked}`,
      [{ result: "found", names: [replacedName] }],
    ],
    [
      "X-Infection-Found",
      answer("X-Infection-Found: Type=0; Resolution=2; Threat=Eicar;\r\n", blocked, ""),
      [{ result: "found", names: ["Eicar"] }],
    ],
    ["X-Virus-ID", answer("X-Virus-ID: Eicar\r\n", blocked, ""), [{ result: "found", names: ["Eicar"] }]],
    [
      "X-Violations-Found, each of them, once",
      answer(
        "X-Violations-Found: 2\r\n\ta.zip\r\n\tEicar\r\n\t0\r\n\t0\r\n\tb.exe\r\n\tWorm\x07\r\n\t0\r\n\t0\r\nX-Infection-Found: Type=0; Threat=Eicar;\r\n",
        blocked,
        "",
      ),
      [{ result: "found", names: ["Eicar", "Worm?"] }],
    ],
    [
      "X-Violations-Found that names nothing",
      answer("X-Violations-Found: 1\r\n", blocked, ""),
      [{ result: "found", names: ["unnamed"] }],
    ],
    [
      "X-Violations-Found in one line",
      answer("X-Violations-Found: 1 Worm\r\n", blocked, ""),
      [{ result: "found", names: ["Worm"] }],
    ],
    ["X-Virus-ID that says none", "ICAP/1.0 204 No\r\nX-Virus-ID: no threats\r\n\r\n", [{ result: "clean" }]],
    ["X-Violations-Found: 0 is none", "ICAP/1.0 204 No\r\nX-Violations-Found: 0\r\n\r\n", [{ result: "clean" }]],
    [
      "a finding that is said with 204 as well",
      "ICAP/1.0 204 No\r\nX-Virus-ID: Eicar\r\n\r\n",
      [{ result: "found", names: ["Eicar"] }],
    ],
  ])("%s", (_what, said, heard) => {
    expect(hearText(scan, said)).toEqual(heard);
  });

  test.each([
    ["an encrypted container", answer("X-Infection-Found: Type=2; Threat=Encrypted;\r\n", blocked, ""), "encrypted"],
    ["a container past its limits", answer("X-Infection-Found: Type=2; Threat=Nested;\r\n", blocked, ""), "limit"],
    ["404", "ICAP/1.0 404 Service not found\r\n\r\n", "protocol"],
    ["503", "ICAP/1.0 503 Service overloaded\r\n\r\n", "protocol"],
    ["another protocol", "HTTP/1.1 204 No Content\r\n\r\n", "protocol"],
    ["another protocol that speaks of malware", "HTTP/1.1 200 OK\r\nX-Virus-ID: Eicar\r\n\r\n", "protocol"],
    ["200 without Encapsulated", "ICAP/1.0 200 OK\r\n\r\n", "protocol"],
    ["200 that was cut off", answer("", same, "4\r\nthe \r\n7\r\ncont"), "protocol"],
    ["a chunk that is longer than its size", answer("", same, "3\r\nthe \r\n0\r\n\r\n"), "protocol"],
    ["a chunk without a size", answer("", same, "x\r\nthe \r\n0\r\n\r\n"), "protocol"],
    ["a bare line feed", answer("", same, "4\nthe \r\n0\r\n\r\n"), "protocol"],
    ["nothing", "", "protocol"],
  ])("fails with %s", (_what, said, why) => {
    expect(hearText(scan, said)).toEqual(failure(why));
  });

  test("100 fails where nothing was kept back, and when it comes again", () => {
    const go = "ICAP/1.0 100 Continue\r\n\r\n";
    expect(hearText(() => scan({ previewBytes: null }), go)).toEqual(failure("protocol"));
    expect(hearText(scan, go.repeat(2))).toContainEqual(failure("protocol")[0]);
  });

  test("408 on a connection that idled is asked anew", () => {
    expect(hearText(scan, "ICAP/1.0 408 Request timeout\r\n\r\n", 1)).toEqual(["stale"]);
  });

  test.each([
    ["a head", "x".repeat(20_000)],
    [
      "what stands before the body",
      `ICAP/1.0 200 OK\r\nEncapsulated: res-body=${encapsulatedHeadBytesMax + 1}\r\n\r\n`,
    ],
    ["a chunk's line", answer("", same, `1;${"x".repeat(2_000)}`)],
    ["a trailer", answer("", same, `b\r\n${content}\r\n0\r\n${"a: b\r\n".repeat(200)}`)],
  ])("fails with %s above its cap", (_what, said) => {
    expect(hear(scan(), [bytesOf(said)])).toEqual(failure("protocol"));
  });
});

describe("what the service can do", () => {
  const asked = (fields: string) =>
    hearText(() => new IcapOptionsQuestion(service), `ICAP/1.0 200 OK\r\n${fields}\r\n`);

  test("methods, preview, connections, tag and how long that holds", () => {
    const fields =
      'Methods: REQMOD, RESPMOD\r\nPreview: 1024\r\nMax-Connections: 5\r\nISTag: "A-1"\r\nOptions-TTL: 60\r\n';
    const options = { method: "RESPMOD", previewBytes: 1024, connectionsMax: 5, tag: "A-1", holdsMs: 60_000 };
    expect(asked(fields)).toEqual([options]);
  });

  test("with a method only", () => {
    const options = { method: "REQMOD", previewBytes: null, connectionsMax: null, tag: null, holdsMs: null };
    expect(asked("Methods: REQMOD\r\n")).toEqual([options]);
  });

  test("a preview is no longer than we give", () => {
    expect(asked("Methods: RESPMOD\r\nPreview: 999999999\r\n")).toMatchObject([{ previewBytes: previewBytesMax }]);
  });

  test("neither RESPMOD nor REQMOD fails", () => {
    expect(asked("Methods: LOGMOD\r\n")).toEqual(failure("protocol"));
    expect(hearText(() => new IcapOptionsQuestion(service), "ICAP/1.0 404 no\r\n\r\n")).toEqual(failure("protocol"));
  });
});
