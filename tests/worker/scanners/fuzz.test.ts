import { describe, expect, test } from "vitest";
import { ClamdScan, ClamdVersionQuestion } from "#worker/scanners/clamd-exchange.ts";
import type { Exchange } from "#worker/scanners/exchange.ts";
import { IcapOptionsQuestion, IcapScan } from "#worker/scanners/icap-exchange.ts";
import { readRspamdAnswer } from "#worker/scanners/rspamd-answer.ts";
import { scannerTextMax, symbolsMax } from "#worker/scanners/scan-words.ts";
import { SpamdPing, SpamdScan } from "#worker/scanners/spamd-exchange.ts";
import { bytesOf, randomCut } from "../../support/chunk-invariance.ts";
import { subjectOf } from "../../support/scanned.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { hear } from "./read-exchange.ts";

const subject = subjectOf("the content");
const service = { host: "icap.test:1344", path: "avscan" };
const options = { method: "RESPMOD", previewBytes: 4, connectionsMax: null, tag: "T", holdsMs: null } as const;
const same = "HTTP/1.1 200 OK\r\n\r\n";

/** Each with answers to begin from. */
const exchanges: [string, () => Exchange<unknown>, string[]][] = [
  [
    "clamd",
    () => new ClamdScan(subject),
    ["1: stream: OK\0", "1: stream: Worm FOUND\0", "INSTREAM size limit exceeded. ERROR\0"],
  ],
  ["clamd's version", () => new ClamdVersionQuestion(), ["ClamAV 1.4.6/27500/Thu Nov 26 09:30:00 2026\0"]],
  [
    "spamd",
    () => new SpamdScan(subject),
    ["SPAMD/1.1 0 EX_OK\r\nContent-length: 5\r\nSpam: True ; 7.5 / 5.0\r\n\r\nA,B\r\n"],
  ],
  ["spamd's ping", () => new SpamdPing(), ["SPAMD/1.5 0 PONG\r\n"]],
  [
    "ICAP",
    () => new IcapScan(service, options, subject, () => undefined),
    [
      "ICAP/1.0 100 Continue\r\n\r\nICAP/1.0 204 No\r\n\r\n",
      `ICAP/1.0 200 OK\r\nEncapsulated: res-hdr=0, res-body=${same.length}\r\n\r\n${same}b\r\nthe content\r\n0\r\n\r\n`,
      "ICAP/1.0 200 OK\r\nX-Infection-Found: Type=0; Threat=Worm;\r\nX-Violations-Found: 1\r\n\ta\r\n\tb\r\n\t0\r\n\t0\r\n\r\n",
    ],
  ],
  [
    "ICAP's options",
    () => new IcapOptionsQuestion(service),
    ["ICAP/1.0 200 OK\r\nMethods: RESPMOD\r\nPreview: 9\r\n\r\n"],
  ],
];
const insertions = [
  "\r\n",
  "\n",
  "\0",
  ":",
  ";",
  "FOUND",
  "x".repeat(5_000),
  "\x1b[2J",
  "ÿ",
  "4294967295",
  "-1",
  "0\r\n\r\n",
];

function mutated(text: string, random: () => number): string {
  let changed = text;
  for (let changes = Math.floor(random() * 4); changes >= 0; changes--) {
    const at = Math.floor(random() * (changed.length + 1));
    const cut = Math.floor(random() * 6);
    const insertion = insertions[Math.floor(random() * insertions.length)] ?? "";
    const kind = random();
    if (kind < 0.4) changed = changed.slice(0, at) + insertion + changed.slice(at);
    else if (kind < 0.7) changed = changed.slice(0, at) + changed.slice(at + cut);
    else if (kind < 0.9) changed = changed.slice(0, at) + String.fromCharCode(random() * 256) + changed.slice(at + 1);
    else changed = changed.slice(0, at);
  }
  return changed;
}

/** Every text in it is printable ASCII and short. */
function expectClean(value: unknown): void {
  if (typeof value === "string") {
    expect(value).toMatch(/^[\x20-\x7e]*$/);
    expect(value.length).toBeLessThanOrEqual(scannerTextMax * 2);
  } else if (Array.isArray(value)) {
    expect(value.length).toBeLessThanOrEqual(symbolsMax);
    for (const item of value) expectClean(item);
  } else if (typeof value === "object" && value !== null) for (const item of Object.values(value)) expectClean(item);
}

const seed = Number(process.env["POSTERN_SEED"] ?? Date.now() % 1_000_000);

describe(`scanners that say anything (POSTERN_SEED=${seed})`, () => {
  test.each(exchanges)(
    "%s: the same answer however it is cut, printable and bounded, and never a fault",
    (_what, make, answers) => {
      const random = seededRandom(seed);
      for (let round = 0; round < 1_500; round++) {
        const said = bytesOf(mutated(answers[round % answers.length] ?? "", random));
        const whole = hear(make(), [said]);
        expectClean(whole);
        expect(hear(make(), randomCut(said, random))).toEqual(whole);
      }
    },
  );

  test("rspamd: printable and bounded, and never a fault", () => {
    const random = seededRandom(seed);
    const answer =
      '{"score":7.5,"required_score":15,"action":"add header","symbols":{"A":{"name":"A","score":1.5,"metric_score":2}}}';
    for (let round = 0; round < 3_000; round++) expectClean(readRspamdAnswer(200, mutated(answer, random)));
  });
});
