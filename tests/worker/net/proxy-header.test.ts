import { describe, expect, test } from "vitest";
import { extensionBytesMax, readProxyHeader, textHeaderBytesMax } from "#worker/net/proxy-header.ts";
import { binaryHeader } from "../../support/proxy-headers.ts";
import { seededRandom } from "../../support/seeded-random.ts";

const seed = Number(process.env["POSTERN_SEED"] ?? Date.now() % 1_000_000);
const v4 = { address: "192.0.2.7", port: 40_000 };
const v6 = { address: "2001:db8::7", port: 1 };

function read(text: string) {
  return readProxyHeader(Buffer.from(text, "latin1"));
}

describe("version 1", () => {
  test.each([
    ["PROXY TCP4 192.0.2.7 198.51.100.1 40000 25\r\n", v4],
    ["PROXY TCP6 2001:DB8:0:0::7 2001:db8::1 1 65535\r\n", v6],
    ["PROXY TCP6 ::ffff:192.0.2.7 ::ffff:198.51.100.1 40000 25\r\n", v4],
    ["PROXY UNKNOWN\r\n", null],
    ["PROXY UNKNOWN ffff::1 whatever stands here\r\n", null],
  ])("%j tells %j", (text, source) => {
    expect(read(`${text}EHLO`)).toEqual({ source, length: text.length });
  });

  test.each([
    "PROXY TCP4 192.0.2.7 198.51.100.1 40000\r\n",
    "PROXY TCP4 192.0.2.7 198.51.100.1 40000 25 \r\n",
    "PROXY TCP4  192.0.2.7 198.51.100.1 40000 25\r\n",
    "PROXY TCP4 192.0.2.7 198.51.100.1 40000 065\r\n",
    "PROXY TCP4 192.0.2.7 198.51.100.1 65536 25\r\n",
    "PROXY TCP4 192.0.2.300 198.51.100.1 40000 25\r\n",
    "PROXY TCP4 192.0.2.07 198.51.100.1 40000 25\r\n",
    "PROXY TCP4 2001:db8::7 2001:db8::1 1 2\r\n",
    "PROXY TCP6 192.0.2.7 198.51.100.1 40000 25\r\n",
    "PROXY TCP6 fe80::1%eth0 fe80::2 1 2\r\n",
    "PROXY UDP4 192.0.2.7 198.51.100.1 40000 25\r\n",
    "PROXY UNKNOWNX\r\n",
    "PROXY \r\n",
    "PROXY TCP4 192.0.2.7 198.51.100.1 40000 25\nEHLO x\r\n",
  ])("%j is malformed", (text) => {
    expect(read(text)).toEqual({ fault: "its line is malformed" });
  });

  test(`a line over ${textHeaderBytesMax} bytes is a fault, one of exactly that is read`, () => {
    const longest = `PROXY UNKNOWN ${"x".repeat(textHeaderBytesMax - 16)}\r\n`;
    expect(read(longest)).toEqual({ source: null, length: textHeaderBytesMax });
    expect(read(longest.replace("\r\n", "x\r\n"))).toEqual({ fault: "its line is too long" });
  });
});

describe("version 2", () => {
  test("tells the source of TCP over IPv4 and IPv6; what stands behind the addresses is skipped", () => {
    for (const source of [v4, v6]) {
      for (const extension of [0, 1, extensionBytesMax - 24]) {
        const header = binaryHeader({ source, extension: Buffer.alloc(extension, 0xff) });
        expect(readProxyHeader(Buffer.concat([header, Buffer.from("EHLO")]))).toEqual({
          source,
          length: header.length,
        });
      }
    }
  });

  test("LOCAL and an unspecified family speak for the peer itself", () => {
    expect(readProxyHeader(binaryHeader({ source: v4, command: 0x20 }))).toEqual({ source: null, length: 28 });
    expect(readProxyHeader(binaryHeader({ source: null }))).toEqual({ source: null, length: 16 });
  });

  test.each([
    ["another version", { command: 0x31 }, "its version or command is unknown"],
    ["another command", { command: 0x22 }, "its version or command is unknown"],
    ["UDP", { family: 0x12 }, "it tells of something else than TCP"],
    ["a UNIX socket", { family: 0x31 }, "it tells of something else than TCP"],
    ["addresses that are cut short", { behind: 11 }, "its addresses are cut short"],
    ["more than may follow", { behind: 65_535 }, "it is too long"],
  ])("%s is a fault at once, before the rest has come", (_, changes, fault) => {
    expect(readProxyHeader(binaryHeader({ source: v4, ...changes }).subarray(0, 16))).toEqual({ fault });
  });
});

test.each([
  ["", null],
  ["P", null],
  ["PROXY", null],
  ["\r\n\r\n\0", null],
  ["EHLO", { fault: "it begins with something else" }],
  ["PROXX", { fault: "it begins with something else" }],
  ["\r\n\r\nX", { fault: "it begins with something else" }],
])("the first bytes %j: %j", (text, expected) => {
  expect(read(text)).toEqual(expected);
});

test("every proper beginning of a header asks for more, and every longer text gives the same header", () => {
  const headers = [
    Buffer.from("PROXY TCP6 2001:db8::7 2001:db8::1 1 65535\r\n", "latin1"),
    Buffer.from("PROXY UNKNOWN\r\n", "latin1"),
    binaryHeader({ source: v4, extension: Buffer.alloc(40) }),
    binaryHeader({ source: v6 }),
    binaryHeader({ source: null, command: 0x20 }),
  ];
  for (const header of headers) {
    for (let length = 0; length < header.length; length++)
      expect(readProxyHeader(header.subarray(0, length))).toBeNull();
    const whole = readProxyHeader(header);
    expect(whole).toHaveProperty("length", header.length);
    for (const more of ["\r\n", "PROXY TCP4", "\0"])
      expect(readProxyHeader(Buffer.concat([header, Buffer.from(more)]))).toEqual(whole);
  }
});

test(`whatever the bytes: a header, a fault, or a wait for bounded more (seed ${seed})`, () => {
  const random = seededRandom(seed);
  const starts = [
    Buffer.from("PROXY TCP4 "),
    binaryHeader({ source: v4 }),
    binaryHeader({ source: v6 }),
    Buffer.alloc(0),
  ];
  const longest = 16 + 36 + extensionBytesMax;
  for (let round = 0; round < 20_000; round++) {
    const start = Buffer.from(starts[Math.floor(random() * starts.length)] ?? []);
    const noise = Buffer.from(Array.from({ length: Math.floor(random() * 130) }, () => Math.floor(random() * 256)));
    if (start.length > 0 && random() < 0.7) start[Math.floor(random() * start.length)] = Math.floor(random() * 256);
    const bytes = Buffer.concat([start, noise]);
    const header = readProxyHeader(bytes);
    if (header === null) expect(readProxyHeader(Buffer.concat([bytes, Buffer.alloc(longest)]))).not.toBeNull();
    else if ("length" in header) {
      expect(header.length).toBeLessThanOrEqual(bytes.length);
      expect(readProxyHeader(bytes.subarray(0, header.length))).toEqual(header);
    }
  }
});
