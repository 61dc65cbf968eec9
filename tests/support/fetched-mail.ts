import { expect } from "@playwright/test";
import type { Mailboxes } from "#demo/mailboxes.ts";
import { sampleMessage } from "#demo/samples.ts";

export const clean = sampleMessage("clean", "dora@outside.test", "carol@provider.test", "Nothing wrong");
const program = sampleMessage("executable", "mallory@outside.test", "carol@provider.test", "Your invoice");

/** Puts both into the user's mailbox: the clean one first, then the one with a program. */
export function fill(mailboxes: Mailboxes, user: string): void {
  for (const message of [clean, program]) mailboxes.deliver(`${user}@provider.test`, message);
}

/** What a client got of the two, Latin-1: the first byte for byte, of the second a notice in the program's place. */
export function expectBoth(first: string, second: string): void {
  expect(first).toBe(clean.toString("latin1"));
  expect(second).toContain("Subject: Your invoice");
  expect(second).toContain("invoice.exe");
  expect(second).not.toContain("TVoAAAA");
}
