import { describe, expect, test } from "vitest";
import { HopCounter } from "#worker/smtp/hop-counter.ts";

const hopsMax = 100;

function isLooping(message: string, cut: number): boolean {
  const bytes = Buffer.from(message);
  const counter = new HopCounter(hopsMax);
  for (let at = 0; at < bytes.length; at += cut) counter.write(bytes.subarray(at, at + cut));
  return counter.isLooping;
}

const cuts = [1, 2, 3, 7, 64, 65_536];

describe("Received lines", () => {
  test("are counted in any case and at any cut", () => {
    for (const name of ["Received:", "RECEIVED:", "received:", "rEcEiVeD:"]) {
      const line = `${name} from a by b\r\n`;
      for (const cut of cuts) {
        expect(isLooping(`${line.repeat(hopsMax)}Subject: x\r\n\r\n`, cut)).toBe(false);
        expect(isLooping(`${line.repeat(hopsMax + 1)}Subject: x\r\n\r\n`, cut)).toBe(true);
      }
    }
  });
  test("of the body and other fields do not count, at any cut", () => {
    const body = "Received: from a by b\r\n".repeat(hopsMax + 1);
    const others = "X-Received: a\r\nReceived-SPF: pass\r\n Received: folded\r\n".repeat(hopsMax + 1);
    for (const cut of cuts) {
      expect(isLooping(`Subject: x\r\n\r\n${body}`, cut)).toBe(false);
      expect(isLooping(`\r\n${body}`, cut)).toBe(false);
      expect(isLooping(`${others}\r\n`, cut)).toBe(false);
    }
  });
});
